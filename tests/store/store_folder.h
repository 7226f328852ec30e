/* A folder of the test's own, and in it the name of a store. */
#ifndef CS_TESTS_STORE_FOLDER_H
#define CS_TESTS_STORE_FOLDER_H

#include <stdio.h>

#include "support/support.h"

static char *folder;
static char file[4096];

static inline int setup(void **state) {
    (void)state;
    folder = make_folder();
    snprintf(file, sizeof file, "%s/store.sqlite", folder);
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    remove_folder(folder);
    return 0;
}

#endif

/* Folders of the test's own that are opened as datasets. */
#ifndef CS_TESTS_EVAL_DATASET_FOLDER_H
#define CS_TESTS_EVAL_DATASET_FOLDER_H

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "support/support.h"

/* A folder in a folder, with all folders between them. */
static inline void put_folder(const char *folder, const char *name) {
    char *path = cs_path_join(folder, name);
    for (char *slash = path + strlen(folder) + 1; (slash = strchr(slash, '/')); *slash++ = '/') {
        *slash = '\0';
        mkdir(path, 0700);
    }
    assert_int_equal(mkdir(path, 0700), 0);
    free(path);
}

/* The dataset of a file or folder in a folder, which must be of this kind. */
static inline cs_dataset *open_in(const char *folder, const char *name, cs_dataset_kind kind) {
    cs_error error;
    cs_dataset *dataset;
    char *path = cs_path_join(folder, name);
    assert_ok(cs_dataset_open(path, &dataset, &error));
    assert_int_equal(cs_dataset_kind_of(dataset), kind);
    free(path);
    return dataset;
}

#endif

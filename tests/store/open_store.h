/* Stores of any model, opened. */
#ifndef CS_TESTS_STORE_OPEN_STORE_H
#define CS_TESTS_STORE_OPEN_STORE_H

#include "clipsight_tools.h"
#include "support/support.h"

/* Fails the test where it cannot be opened, or, with `create`, made. */
static inline cs_store *open_store_of(const cs_store_model *model, const char *where, int create, int threads) {
    cs_error error;
    cs_store *store = NULL;
    cs_store_options options = {model, create, threads};
    assert_ok(cs_store_open(where, &options, &store, &error));
    return store;
}

#endif

/* The kinds of stores: a table of functions each. cs_store_*() know them by this table alone. */
#ifndef CS_STORE_BACKEND_H
#define CS_STORE_BACKEND_H

#include "clipsight_tools.h"

/* Each function is the public one of its name, with arguments already checked: pointers are not NULL, options are
 * filled in (top > 0, prefix not NULL), paths are absolute, embeddings finite and of unit length, n is not 0 (but in
 * offer). */
typedef struct cs_store_backend {
    const char *kind; /* "sqlite" */
    cs_status (*describe)(cs_store *store, cs_store_info *info, cs_error *error);
    cs_status (*set_windows)(cs_store *store, cs_error *error);
    cs_status (*each)(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error);
    cs_status (*put)(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
    cs_status (*touch)(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error);
    cs_status (*remove)(cs_store *store, const char *const *paths, size_t n, cs_error *error);
    cs_status (*find_path)(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error);
    cs_status (*find_content)(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error);
    cs_status (*offer)(cs_store *store, const char *const *paths, size_t n, cs_error *error);
    cs_status (*take)(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error);
    cs_status (*drop)(cs_store *store, const char *const *paths, size_t n, cs_error *error);
    cs_status (*finish)(cs_store *store, cs_error *error);
    cs_status (*search)(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                        cs_hits **hits, cs_error *error);
    void (*close)(cs_store *store); /* frees `store` and all in it */
} cs_store_backend;

/* What every kind's own struct begins with. */
struct cs_store {
    const cs_store_backend *backend;
    char *where;          /* without a password; owned */
    cs_store_model model; /* its strings are owned */
    int threads;          /* resolved */
};

cs_status cs_sqlite_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error);

/* CS_ERR_UNSUPPORTED where clipsight was built without libpq. */
cs_status cs_postgres_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error);

/* What the kinds share. */

/* Copies the model that a store says it was made with into store->model. CS_ERR_FORMAT where that cannot be: strings
 * may be NULL, dim anything. */
cs_status cs_store_keep_model(cs_store *store, const cs_store_model *model, cs_error *error);

/* CS_ERR_ARGUMENT, with a message that names both, where the store's model is not `wanted`, which may be NULL. */
cs_status cs_store_check_model(const cs_store *store, const cs_store_model *wanted, cs_error *error);

/* Frees what the struct above owns, not the struct. */
void cs_store_clear(cs_store *store);

/* A copy of `photo` with all in it, for cs_store_photo_free(). */
cs_status cs_store_photo_copy(const cs_store_photo *photo, int dim, cs_store_photo **copy, cs_error *error);

#endif

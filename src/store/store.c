/* The public functions: they check what is given, and hand it to the kind of store. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "store/backend.h"
#include "store/check.h"

cs_status cs_store_default(char **where, cs_error *error) {
    char *path;
    cs_status status = cs_user_data_path("clipsight/search.sqlite", &path, error);
    if (status != CS_OK) return status;
    if (!path) return cs_fail(error, CS_ERR_IO, "store: there is no folder for it: set XDG_DATA_HOME or HOME");
    *where = path;
    return CS_OK;
}

static int is_postgres(const char *where) {
    return strncmp(where, "postgresql://", 13) == 0 || strncmp(where, "postgres://", 11) == 0;
}

cs_status cs_store_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error) {
    const cs_store_options defaults = CS_STORE_OPTIONS_DEFAULT;
    if (!options) options = &defaults;
    if (!where || !*where) return cs_fail(error, CS_ERR_ARGUMENT, "store: no file named");
    cs_status (*open)(const char *, const cs_store_options *, cs_store **, cs_error *) =
        is_postgres(where) ? cs_postgres_open : cs_sqlite_open;
    const char *shown = is_postgres(where) ? "PostgreSQL store" : where;
    if (options->create && !options->model)
        return cs_fail(error, CS_ERR_ARGUMENT, "%s: making a store needs a model", shown);
    cs_status status = options->model ? cs_check_model(shown, options->model, error) : CS_OK;
    return status == CS_OK ? open(where, options, store, error) : status;
}

void cs_store_close(cs_store *store) {
    if (store) store->backend->close(store);
}

cs_status cs_store_describe(cs_store *store, cs_store_info *info, cs_error *error) {
    return store->backend->describe(store, info, error);
}

cs_status cs_store_set_windows(cs_store *store, cs_error *error) {
    return store->backend->set_windows(store, error);
}

cs_status cs_store_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error) {
    return store->backend->each(store, prefix ? prefix : "", call, context, error);
}

cs_status cs_store_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_status status = cs_check_photos(photos, n, store->model.dim, error);
    return status == CS_OK && n > 0 ? store->backend->put(store, photos, n, error) : status;
}

cs_status cs_store_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_status status = cs_check_photo_paths(photos, n, error);
    return status == CS_OK && n > 0 ? store->backend->touch(store, photos, n, error) : status;
}

cs_status cs_store_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_status status = cs_check_paths(paths, n, error);
    return status == CS_OK && n > 0 ? store->backend->remove(store, paths, n, error) : status;
}

cs_status cs_store_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error) {
    cs_status status = cs_check_paths(&path, 1, error);
    return status == CS_OK ? store->backend->find_path(store, path, photo, error) : status;
}

cs_status cs_store_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error) {
    return store->backend->find_content(store, hash, photo, error);
}

cs_status cs_store_offer(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_status status = cs_check_paths(paths, n, error);
    return status == CS_OK ? store->backend->offer(store, paths, n, error) : status;
}

cs_status cs_store_take(cs_store *store, size_t most, const char *const **paths, size_t *n, cs_error *error) {
    if (most == 0) return cs_fail(error, CS_ERR_ARGUMENT, "take: expected at least one path to be wanted");
    return store->backend->take(store, most, paths, n, error);
}

cs_status cs_store_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_status status = cs_check_paths(paths, n, error);
    return status == CS_OK && n > 0 ? store->backend->drop(store, paths, n, error) : status;
}

cs_status cs_store_finish(cs_store *store, cs_error *error) {
    return store->backend->finish(store, error);
}

cs_status cs_store_search(cs_store *store, const cs_query *queries, size_t n, const cs_search_options *options,
                          cs_hits **hits, cs_error *error) {
    cs_search_options filled = options ? *options : (cs_search_options)CS_SEARCH_OPTIONS_DEFAULT;
    if (filled.top == 0) filled.top = 20;
    if (!filled.prefix) filled.prefix = "";
    if (filled.has_min_score && isnan(filled.min_score))
        return cs_fail(error, CS_ERR_ARGUMENT, "search: the minimum score is not a number");
    cs_status status = cs_check_queries(queries, n, store->model.dim, error);
    return status == CS_OK ? store->backend->search(store, queries, n, &filled, hits, error) : status;
}

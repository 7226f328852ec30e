#include "store/postgres.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/threads.h"

static void close_store(cs_store *store) {
    cs_postgres *pg = (cs_postgres *)store;
    PQfinish(pg->connection);
    PQclear(pg->taken);
    free(pg->taken_paths);
    cs_pg_url_free(&pg->url);
    cs_store_clear(store);
    free(pg);
}

static const cs_store_backend backend = {.kind = "postgresql",
                                         .describe = cs_pg_describe,
                                         .set_windows = cs_pg_set_windows,
                                         .each = cs_pg_each,
                                         .put = cs_pg_put,
                                         .touch = cs_pg_touch,
                                         .remove = cs_pg_remove,
                                         .find_path = cs_pg_find_path,
                                         .find_content = cs_pg_find_content,
                                         .offer = cs_pg_offer,
                                         .take = cs_pg_take,
                                         .drop = cs_pg_drop,
                                         .finish = cs_pg_finish,
                                         .search = cs_pg_search,
                                         .close = close_store};

static cs_status no_store(const cs_postgres *pg, cs_error *error) {
    return cs_fail(error, CS_ERR_IO, "%.150s: there is no store in the schema %.64s of the database %.64s",
                   pg->store.where, pg->url.schema, PQdb(pg->connection));
}

static cs_status open_store(cs_postgres *pg, const cs_store_options *options, cs_error *error) {
    cs_status status = cs_pg_connect(pg, error);
    if (status == CS_OK && !pg->has_tables)
        status = options->create ? cs_pg_create(pg, options->model, error) : no_store(pg, error);
    if (status == CS_OK) status = cs_pg_read_model(pg, error);
    return status == CS_OK ? cs_store_check_model(&pg->store, options->model, error) : status;
}

cs_status cs_postgres_open(const char *where, const cs_store_options *options, cs_store **store, cs_error *error) {
    cs_postgres *pg = cs_alloc_zero(1, sizeof *pg);
    if (!pg) return cs_fail_memory(error, "a store in PostgreSQL");
    pg->store.backend = &backend;
    pg->store.threads = cs_threads_resolve(options->threads);
    pg->seen = -1;
    cs_status status = cs_pg_url_parse(where, &pg->url, error);
    if (status == CS_OK) {
        pg->store.where = cs_strdup(pg->url.shown);
        status = pg->store.where ? open_store(pg, options, error) : cs_fail_memory(error, "the store's URL");
    }
    if (status != CS_OK) {
        close_store(&pg->store);
        return status;
    }
    *store = &pg->store;
    return CS_OK;
}

/* Changes to photographs that are in the tables, and to the store as a whole. */
#include <string.h>

#include "store/postgres.h"

/* ---- Statements with one list of paths ---- */

typedef struct statement {
    const char *sql, *doing;
    const char *const *paths;
    size_t n;
} statement;

static cs_status run_statement(cs_postgres *pg, void *context, cs_error *error) {
    const statement *s = context;
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_paths(&arguments, s->paths, s->n);
    return cs_pg_run_once(pg, s->sql, &arguments, s->doing, error);
}

/* Its embeddings go with a photograph. */
cs_status cs_pg_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    statement s = {"DELETE FROM photograph WHERE sha256(path) IN (SELECT sha256(g) FROM unnest($1::bytea[]) g)",
                   "removing photographs", paths, n};
    return cs_pg_transaction((cs_postgres *)store, CS_PG_WRITE, run_statement, &s, s.doing, error);
}

cs_status cs_pg_drop(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    statement s = {CS_PG_END_WORK, "ending work", paths, n};
    return cs_pg_transaction((cs_postgres *)store, CS_PG_WRITE, run_statement, &s, s.doing, error);
}

/* ---- Sizes and times ---- */

static const char TOUCH[] =
    "UPDATE photograph p SET bytes = g.bytes, modified = g.modified, put_number = s.number, put_by = $4::int8 "
    "FROM (SELECT DISTINCT ON (path) * FROM unnest($1::bytea[], $2::int8[], $3::int8[]) WITH ORDINALITY "
    "AS u(path, bytes, modified, n) ORDER BY path, n DESC) g, (SELECT nextval('put_number') AS number) s "
    "WHERE sha256(p.path) = sha256(g.path)";

typedef struct touched {
    const cs_store_photo *photos;
    size_t n;
} touched;

static cs_status touch(cs_postgres *pg, void *context, cs_error *error) {
    const touched *t = context;
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_files(&arguments, t->photos, t->n);
    cs_pg_add64(&arguments, pg->session);
    return cs_pg_run_once(pg, TOUCH, &arguments, "noting sizes and times", error);
}

cs_status cs_pg_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    touched t = {photos, n};
    return cs_pg_transaction((cs_postgres *)store, CS_PG_WRITE, touch, &t, "noting sizes and times", error);
}

/* ---- The store ---- */

static cs_status set_windows(cs_postgres *pg, void *context, cs_error *error) {
    (void)context;
    return cs_pg_run(pg, "UPDATE meta SET windows = true WHERE NOT windows", NULL, "noting that windows are stored",
                     error);
}

cs_status cs_pg_set_windows(cs_store *store, cs_error *error) {
    return cs_pg_transaction((cs_postgres *)store, CS_PG_WRITE, set_windows, NULL, "noting that windows are stored",
                             error);
}

static cs_status describe(cs_postgres *pg, void *context, cs_error *error) {
    cs_store_info *info = context;
    PGresult *result;
    cs_status status = cs_pg_query(pg,
                                   "SELECT (SELECT windows FROM meta), count(*) FILTER (WHERE problem IS NULL), "
                                   "count(*) FILTER (WHERE problem IS NOT NULL), coalesce(sum(embeddings), 0)::int8 "
                                   "FROM photograph",
                                   NULL, &result, "counting photographs", error);
    if (status == CS_OK) {
        info->windows = cs_pg_get_bool(result, 0, 0);
        info->photographs = (size_t)cs_pg_get64(result, 0, 1);
        info->broken = (size_t)cs_pg_get64(result, 0, 2);
        info->rows = (size_t)cs_pg_get64(result, 0, 3);
    }
    PQclear(result);
    return status;
}

cs_status cs_pg_describe(cs_store *store, cs_store_info *info, cs_error *error) {
    cs_store_info found = {.kind = store->backend->kind, .where = store->where, .model = store->model};
    cs_status status =
        cs_pg_transaction((cs_postgres *)store, CS_PG_READ, describe, &found, "counting photographs", error);
    if (status == CS_OK) *info = found;
    return status;
}

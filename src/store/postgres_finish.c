/* The index for searching, and what the planner has to know. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres.h"

/* Below so many rows reading them all is as fast, and their mean says little. */
#define ROWS_LEAST "5000"

/* Neighbours of a row in the index's graph, and how many candidates it looks at to find them: twice pgvector's own, for
 * the recall that docs/search.md shows.
 *
 * A model's embeddings of photographs all lie in one narrow cone, at the edge of which what fits a text best has few
 * neighbours that lead to it. So the mean is taken off. That changes no order, as it takes the same off every product
 * with a query; but what lies far from the mean is then what many others have as a neighbour. */
static const char CREATE_INDEX[] =
    "CREATE INDEX CONCURRENTLY embedding_hnsw ON embedding USING hnsw (((embedding - '%s'::vector)::vector(%d)) "
    "vector_ip_ops) WITH (m = 32, ef_construction = 128)";

static const char MEAN[] = "SELECT avg(embedding)::text FROM embedding "
                           "HAVING count(*) >= " ROWS_LEAST;

static const char DOING[] = "building the index";

/* One session does all this at a time, and the others need not wait for it. (An ANALYZE beside the building of an index
 * would even block it for good.) */
static const char BEGIN_ALONE[] =
    "SELECT pg_try_advisory_lock(hashtextextended('clipsight/finish', 'embedding'::regclass::oid::int8))";
static const char END_ALONE[] =
    "SELECT pg_advisory_unlock(hashtextextended('clipsight/finish', 'embedding'::regclass::oid::int8))";

/* What a broken build leaves is there, but not valid. */
static const char FIND_INDEX[] =
    "SELECT EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('embedding_hnsw') AND indisvalid)";

static const char DROP_INDEX[] = "DROP INDEX IF EXISTS embedding_hnsw";

/* A graph that fits into memory is built many times faster. A row takes its vector and about 20 bytes for each
 * neighbour. At most 2 GB, and nothing where the URL says what to use. */
static const char SET_MEMORY[] =
    "SELECT set_config('maintenance_work_mem', greatest(setting::int8, least(2097151, (SELECT (1.2 * reltuples * "
    "(4 * $1::int4 + 1000) / 1024 + 16384)::int8 FROM pg_class WHERE oid = 'embedding'::regclass)))::text || 'kB', "
    "false) "
    "FROM pg_settings WHERE name = 'maintenance_work_mem' AND source <> 'client'";

static cs_status set_memory(cs_postgres *pg, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add32(&arguments, pg->store.model.dim);
    return cs_pg_run_once(pg, SET_MEMORY, &arguments, DOING, error);
}

/* Where the server's machine cannot give that much, above all as shared memory (53100, 53200), the build goes on with
 * what the server is set to, and alone. */
static cs_status create_index(cs_postgres *pg, const char *sql, cs_error *error) {
    cs_status status = set_memory(pg, error);
    if (status == CS_OK) status = cs_pg_run(pg, sql, NULL, DOING, error);
    if (status != CS_OK && strncmp(pg->state, "53", 2) == 0) {
        status = cs_pg_run(pg, DROP_INDEX, NULL, DOING, error);
        if (status == CS_OK) status = cs_pg_run(pg, "RESET maintenance_work_mem", NULL, DOING, error);
        if (status == CS_OK) status = cs_pg_run(pg, "SET max_parallel_maintenance_workers = 0", NULL, DOING, error);
        if (status == CS_OK) status = cs_pg_run(pg, sql, NULL, DOING, error);
    }
    return status;
}

static cs_status create_around(cs_postgres *pg, const char *mean, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    char *sql = NULL;
    cs_strbuf_printf(&buffer, CREATE_INDEX, mean, pg->store.model.dim);
    cs_status status = cs_strbuf_take(&buffer, &sql, error);
    if (status == CS_OK) status = create_index(pg, sql, error);
    free(sql);
    return status;
}

static cs_status build_index(cs_postgres *pg, cs_error *error) {
    int there = 0;
    PGresult *result = NULL;
    cs_status status = cs_pg_ask_once(pg, FIND_INDEX, NULL, &there, DOING, error);
    if (status != CS_OK || there) return status;
    status = cs_pg_run(pg, DROP_INDEX, NULL, DOING, error);
    if (status == CS_OK) status = cs_pg_query(pg, MEAN, NULL, &result, DOING, error);
    const char *mean = cs_pg_get_text(result, 0, 0);
    if (status == CS_OK && mean) status = create_around(pg, mean, error);
    PQclear(result);
    return status;
}

static cs_status finish_alone(cs_postgres *pg, cs_error *error) {
    static const char doing[] = "making ready for searching";
    cs_status status = cs_pg_run(pg, "ANALYZE photograph, embedding", NULL, doing, error);
    if (status == CS_OK && pg->store.model.dim <= CS_PG_INDEX_DIM_MOST) status = build_index(pg, error);
    return status == CS_OK ? cs_pg_run(pg, "VACUUM work", NULL, doing, error) : status;
}

static cs_status nothing(cs_postgres *pg, void *context, cs_error *error) {
    (void)pg, (void)context, (void)error;
    return CS_OK;
}

/* None of this may be part of a transaction; the empty one makes sure of the connection and the model. */
cs_status cs_pg_finish(cs_store *store, cs_error *error) {
    cs_postgres *pg = (cs_postgres *)store;
    int alone = 0;
    cs_status status = cs_pg_transaction(pg, CS_PG_READ, nothing, NULL, DOING, error);
    if (status == CS_OK) status = cs_pg_ask_once(pg, BEGIN_ALONE, NULL, &alone, DOING, error);
    if (status != CS_OK || !alone) return status;
    status = finish_alone(pg, error);
    if (status != CS_OK && cs_pg_may_not(pg))
        status =
            cs_fail(error, CS_ERR_IO,
                    "%.150s: what was stored can be found, but only the owner of the tables can make the index that "
                    "makes it fast: let that role run clipsight index once",
                    store->where);
    cs_pg_run(pg, END_ALONE, NULL, DOING, NULL);
    return status;
}

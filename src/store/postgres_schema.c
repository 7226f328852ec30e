/* The tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres.h"

enum { FORMAT = 1 };

/* One store is made at a time in a database: two at once would fail at each other's half-made names. */
static const char ALONE[] = "SELECT pg_advisory_xact_lock(hashtextextended('clipsight/create', 0))";

static const char FIND_VECTOR[] = "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'vector')";

/* Not to_regclass(), which answers from a cache that waiting for a lock does not renew. */
static const char FIND_META[] = "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                                "WHERE n.nspname = $1::text AND c.relname = 'meta')";

static const char FIND_SCHEMA[] = "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text)";

/* A path may be longer than what fits into an index, hence its digest there. put_number and put_by tell an indexer
 * which photographs another one has put since it looked. A claim is the session of an indexer. "several" says that a
 * photograph has more than one row. */
static const char *const TABLES[] = {
    "CREATE TABLE meta (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row), format integer NOT NULL, "
    "weights_id text NOT NULL, dim integer NOT NULL, model bytea NOT NULL, windows boolean NOT NULL DEFAULT false, "
    "several boolean NOT NULL DEFAULT false)",
    "CREATE SEQUENCE put_number",
    "CREATE TABLE photograph (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path bytea NOT NULL, "
    "bytes bigint NOT NULL, modified bigint NOT NULL, hash bytea NOT NULL, width integer NOT NULL, "
    "height integer NOT NULL, problem bytea, embeddings integer NOT NULL, put_number bigint NOT NULL, "
    "put_by bigint NOT NULL)",
    "CREATE UNIQUE INDEX photograph_path ON photograph (sha256(path))",
    "CREATE INDEX photograph_hash ON photograph (hash) WHERE problem IS NULL",
    "CREATE TABLE work (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path bytea NOT NULL, claim bigint)",
    "CREATE UNIQUE INDEX work_path ON work (sha256(path))",
    "CREATE INDEX work_claim ON work (claim) WHERE claim IS NOT NULL"};

/* Vectors lie in the rows as long as a page holds one, and not beside them, which the sequential scan is twice as fast
 * for. */
static const char EMBEDDINGS[] =
    "CREATE TABLE embedding (photograph bigint NOT NULL REFERENCES photograph ON DELETE CASCADE, "
    "ordinal integer NOT NULL, x integer NOT NULL, y integer NOT NULL, width integer NOT NULL, "
    "height integer NOT NULL, embedding vector(%d) NOT NULL, PRIMARY KEY (photograph, ordinal)) "
    "WITH (toast_tuple_target = 8160)";

static const char DOING[] = "making a store";

/* Answers a question about the store's schema. */
static cs_status ask(cs_postgres *pg, const char *sql, int *yes, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_text(&arguments, pg->url.schema);
    return cs_pg_ask_once(pg, sql, &arguments, yes, DOING, error);
}

static cs_status make_extension(cs_postgres *pg, cs_error *error) {
    int there = 0;
    cs_error cause = {CS_OK, ""};
    cs_status status = cs_pg_ask_once(pg, FIND_VECTOR, NULL, &there, DOING, error);
    if (status != CS_OK || there) return status;
    status = cs_pg_run(pg, "CREATE EXTENSION vector", NULL, DOING, &cause);
    if (status == CS_OK) return CS_OK;
    if (cs_pg_may_not(pg))
        return cs_fail(
            error, CS_ERR_IO,
            "%.150s: the database lacks the extension vector (pgvector 0.5.0 or later), and this role may not "
            "make it: let a superuser run CREATE EXTENSION vector in it",
            pg->store.where);
    if (strcmp(pg->state, "0A000") == 0 || strcmp(pg->state, "58P01") == 0)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%.150s: the server has no extension vector: install pgvector 0.5.0 or later there (Debian: "
                       "postgresql-%d-pgvector)",
                       pg->store.where, PQserverVersion(pg->connection) / 10000);
    return cs_fail(error, status, "%s", cause.message);
}

/* CREATE SCHEMA IF NOT EXISTS asks for a right that a role need not have where the schema is there already. */
static cs_status make_schema(cs_postgres *pg, cs_error *error) {
    int there = 0;
    char sql[160];
    cs_status status = ask(pg, FIND_SCHEMA, &there, error);
    if (status != CS_OK || there) return status;
    char *name = PQescapeIdentifier(pg->connection, pg->url.schema, strlen(pg->url.schema));
    if (!name) return cs_pg_fail(pg, NULL, DOING, error);
    snprintf(sql, sizeof sql, "CREATE SCHEMA %s", name);
    PQfreemem(name);
    return cs_pg_run(pg, sql, NULL, DOING, error);
}

static cs_status note_model(cs_postgres *pg, const cs_store_model *model, cs_error *error) {
    cs_pg_arguments arguments;
    const char *name = model->name ? model->name : "";
    cs_pg_arguments_start(&arguments);
    cs_pg_add32(&arguments, FORMAT);
    cs_pg_add_text(&arguments, model->weights_id);
    cs_pg_add32(&arguments, model->dim);
    cs_pg_add_text(&arguments, name);
    return cs_pg_run_once(
        pg, "INSERT INTO meta (format, weights_id, dim, model) VALUES ($1::int4, $2::text, $3::int4, $4::bytea)",
        &arguments, DOING, error);
}

static cs_status make_tables(cs_postgres *pg, const cs_store_model *model, cs_error *error) {
    char sql[sizeof EMBEDDINGS + 16];
    cs_status status = CS_OK;
    for (size_t i = 0; i < sizeof TABLES / sizeof *TABLES && status == CS_OK; i++)
        status = cs_pg_run(pg, TABLES[i], NULL, DOING, error);
    snprintf(sql, sizeof sql, EMBEDDINGS, model->dim);
    if (status == CS_OK) status = cs_pg_run(pg, sql, NULL, DOING, error);
    return status == CS_OK ? note_model(pg, model, error) : status;
}

static cs_status make_store(cs_postgres *pg, void *context, cs_error *error) {
    int there = 0;
    cs_status status = cs_pg_run(pg, ALONE, NULL, DOING, error);
    if (status == CS_OK) status = ask(pg, FIND_META, &there, error);
    if (status != CS_OK || there) return status;
    status = make_extension(pg, error);
    if (status == CS_OK) status = make_schema(pg, error);
    if (status == CS_OK) status = cs_pg_look_around(pg, error);
    if (status == CS_OK) status = cs_pg_set_path(pg, error);
    return status == CS_OK ? make_tables(pg, context, error) : status;
}

cs_status cs_pg_create(cs_postgres *pg, const cs_store_model *model, cs_error *error) {
    cs_store_model copy = *model;
    cs_status status = cs_pg_transaction(pg, CS_PG_MAKE, make_store, &copy, DOING, error);
    return status == CS_OK ? cs_pg_look_around(pg, error) : status;
}

static cs_status keep_model(cs_postgres *pg, const PGresult *result, cs_error *error) {
    cs_store_model model = {cs_pg_get_text(result, 0, 1), cs_pg_get32(result, 0, 2), cs_pg_get_text(result, 0, 3)};
    int format = cs_pg_get32(result, 0, 0);
    if (format > FORMAT)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%.150s: a newer clipsight made this store: expected tables of form %d, found %d",
                       pg->store.where, FORMAT, format);
    if (format < 1)
        return cs_fail(error, CS_ERR_FORMAT, "%.150s: the table meta does not say what the store holds",
                       pg->store.where);
    return cs_store_keep_model(&pg->store, &model, error);
}

cs_status cs_pg_read_model(cs_postgres *pg, cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query(pg, "SELECT format, weights_id, dim, model FROM meta", NULL, &result,
                                   "reading what the store holds", error);
    if (status == CS_OK)
        status = keep_model(pg, result, error);
    else if (strcmp(pg->state, "42703") == 0)
        status = cs_fail(error, CS_ERR_FORMAT, "%.150s: the schema %.64s has a table meta that is not clipsight's",
                         pg->store.where, pg->url.schema);
    PQclear(result);
    return status;
}

/* Statements with arguments. Values travel beside the SQL, never in it. */
#include "base/error.h"
#include "store/postgres.h"

/* Where each argument is, as PQexecParams() wants to know it. */
typedef struct places {
    const char *values[CS_PG_ARGUMENTS_MOST];
    int lengths[CS_PG_ARGUMENTS_MOST], formats[CS_PG_ARGUMENTS_MOST];
} places;

static void find_places(const cs_pg_arguments *arguments, places *at) {
    size_t start = 0;
    for (int i = 0; i < arguments->n; i++) {
        /* The buffer may be NULL where all are empty; NULL would mean another thing. */
        at->values[i] = arguments->bytes.data ? arguments->bytes.data + start : "";
        at->lengths[i] = (int)(arguments->ends[i] - start);
        at->formats[i] = 1;
        start = arguments->ends[i];
    }
}

static PGresult *execute(cs_postgres *pg, const char *sql, const cs_pg_arguments *arguments) {
    places at;
    if (!arguments) return PQexecParams(pg->connection, sql, 0, NULL, NULL, NULL, NULL, 1);
    find_places(arguments, &at);
    return PQexecParams(pg->connection, sql, arguments->n, NULL, at.values, at.lengths, at.formats, 1);
}

cs_status cs_pg_query(cs_postgres *pg, const char *sql, const cs_pg_arguments *arguments, PGresult **result,
                      const char *doing, cs_error *error) {
    *result = NULL;
    if (arguments && arguments->bytes.failed) return cs_fail_memory(error, doing);
    PGresult *got = execute(pg, sql, arguments);
    ExecStatusType kind = PQresultStatus(got);
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK || kind == PGRES_COPY_IN) {
        *result = got;
        return CS_OK;
    }
    cs_status status = cs_pg_fail(pg, got, doing, error);
    PQclear(got);
    return status;
}

cs_status cs_pg_run(cs_postgres *pg, const char *sql, const cs_pg_arguments *arguments, const char *doing,
                    cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query(pg, sql, arguments, &result, doing, error);
    PQclear(result);
    return status;
}

cs_status cs_pg_query_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, PGresult **result,
                           const char *doing, cs_error *error) {
    cs_status status = cs_pg_query(pg, sql, arguments, result, doing, error);
    if (arguments) cs_pg_arguments_free(arguments);
    return status;
}

cs_status cs_pg_run_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, const char *doing,
                         cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query_once(pg, sql, arguments, &result, doing, error);
    PQclear(result);
    return status;
}

cs_status cs_pg_ask_once(cs_postgres *pg, const char *sql, cs_pg_arguments *arguments, int *yes, const char *doing,
                         cs_error *error) {
    PGresult *result;
    cs_status status = cs_pg_query_once(pg, sql, arguments, &result, doing, error);
    if (status == CS_OK) *yes = cs_pg_get_bool(result, 0, 0);
    PQclear(result);
    return status;
}

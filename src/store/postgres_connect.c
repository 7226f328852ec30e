/* Connections, and what has to be known of the database behind one. */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres.h"

enum { SERVER_LEAST = 130000, VECTOR_LEAST = 500 };

/* What the server wants to be known beside its results; the library prints nothing. */
static void ignore_notice(void *context, const PGresult *notice) {
    (void)context, (void)notice;
}

static cs_status connection_failed(cs_postgres *pg, cs_error *error) {
    if (!pg->connection) return cs_fail_memory(error, "a connection to PostgreSQL");
    char line[300];
    return cs_fail(error, CS_ERR_IO, "%.150s: %s", pg->store.where,
                   cs_pg_one_line(PQerrorMessage(pg->connection), line, sizeof line));
}

/* The server's warnings come while the connection is made, and libpq would print them. A receiver can be set no earlier
 * than on a connection that is begun already; so that one is begun again, which keeps the receiver. */
static cs_status make_connection(cs_postgres *pg, cs_error *error) {
    PQfinish(pg->connection);
    pg->connection =
        PQconnectStartParams((const char *const *)pg->url.keywords, (const char *const *)pg->url.values, 0);
    if (!pg->connection || PQstatus(pg->connection) == CONNECTION_BAD) return connection_failed(pg, error);
    PQsetNoticeReceiver(pg->connection, ignore_notice, NULL);
    PQreset(pg->connection);
    return PQstatus(pg->connection) == CONNECTION_OK ? CS_OK : connection_failed(pg, error);
}

/* "0.8.2" is 802. */
static int version_number(const char *text) {
    int number = 0;
    for (int part = 0; text && part < 3; part++) {
        char *end;
        number = 100 * number + (int)strtol(text, &end, 10);
        text = *end == '.' ? end + 1 : "0";
    }
    return number;
}

static cs_status check_versions(cs_postgres *pg, const char *vector, cs_error *error) {
    if (PQserverVersion(pg->connection) < SERVER_LEAST)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%.150s: expected PostgreSQL %d or later, found %.40s",
                       pg->store.where, SERVER_LEAST / 10000, PQparameterStatus(pg->connection, "server_version"));
    pg->vector_version = version_number(vector);
    if (vector && pg->vector_version < VECTOR_LEAST)
        return cs_fail(error, CS_ERR_UNSUPPORTED,
                       "%.150s: expected pgvector 0.5.0 or later, found %.40s; where a later one is installed, ALTER "
                       "EXTENSION vector UPDATE brings the database to it",
                       pg->store.where, vector);
    return CS_OK;
}

/* Which of all sessions that ever were this is; whether there is a store; and that the server notices within two
 * minutes when the machine of an indexer vanishes, so that others get its claims. What was reported done has to be on
 * the disk, whatever is usual for the role. */
static const char LOOK_AROUND[] =
    "SELECT hashtextextended(gen_random_uuid()::text, 0), to_regclass(quote_ident($1::text) || '.meta') IS NOT NULL, "
    "(SELECT extversion FROM pg_extension WHERE extname = 'vector'), set_config('tcp_keepalives_idle', '30', false), "
    "set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '6', false), "
    "set_config('tcp_user_timeout', '90000', false), "
    "set_config('synchronous_commit', CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' "
    "ELSE current_setting('synchronous_commit') END, false)";

/* So that the tables and the extension's operators are found by their names. */
static const char SET_PATH[] =
    "SELECT set_config('search_path', concat_ws(', ', quote_ident($1::text), (SELECT quote_ident(nspname) FROM "
    "pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'vector')), false)";

cs_status cs_pg_set_path(cs_postgres *pg, cs_error *error) {
    cs_pg_arguments arguments;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_text(&arguments, pg->url.schema);
    return cs_pg_run_once(pg, SET_PATH, &arguments, "connecting", error);
}

cs_status cs_pg_look_around(cs_postgres *pg, cs_error *error) {
    cs_pg_arguments arguments;
    PGresult *result;
    cs_pg_arguments_start(&arguments);
    cs_pg_add_text(&arguments, pg->url.schema);
    cs_status status = cs_pg_query_once(pg, LOOK_AROUND, &arguments, &result, "connecting", error);
    if (status == CS_OK) {
        pg->session = cs_pg_get64(result, 0, 0);
        pg->has_tables = cs_pg_get_bool(result, 0, 1);
        status = check_versions(pg, cs_pg_get_text(result, 0, 2), error);
    }
    PQclear(result);
    return status == CS_OK && pg->has_tables ? cs_pg_set_path(pg, error) : status;
}

cs_status cs_pg_connect(cs_postgres *pg, cs_error *error) {
    pg->claims = pg->several = 0;
    cs_status status = make_connection(pg, error);
    if (status == CS_OK) status = cs_pg_look_around(pg, error);
    if (status == CS_OK) return CS_OK;
    PQfinish(pg->connection);
    pg->connection = NULL;
    return status;
}

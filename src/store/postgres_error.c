/* What went wrong in the server or on the way to it. */
#include <ctype.h>
#include <string.h>

#include "base/error.h"
#include "store/postgres.h"

/* Copies a message of several lines as one. */
const char *cs_pg_one_line(const char *message, char *line, size_t size) {
    size_t length = 0;
    for (; *message && length + 1 < size; message++) {
        int space = isspace((unsigned char)*message);
        if (!space || (length > 0 && line[length - 1] != ' ')) line[length++] = space ? ' ' : *message;
    }
    while (length > 0 && line[length - 1] == ' ')
        length--;
    line[length] = '\0';
    return line;
}

/* The server's own words, else libpq's. */
static const char *reason(const cs_postgres *pg, const PGresult *result, char *line, size_t size) {
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (!message) message = PQerrorMessage(pg->connection);
    cs_pg_one_line(message, line, size);
    return *line ? line : "no reason given";
}

cs_status cs_pg_fail(cs_postgres *pg, const PGresult *result, const char *doing, cs_error *error) {
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE), *where = pg->store.where;
    char line[300];
    memset(pg->state, 0, sizeof pg->state);
    if (state) strncpy(pg->state, state, sizeof pg->state - 1);
    if (PQstatus(pg->connection) != CONNECTION_OK)
        return cs_fail(error, CS_ERR_IO, "%.150s: the connection was lost while %s: %s", where, doing,
                       reason(pg, result, line, sizeof line));
    if (!result) return cs_fail_memory(error, doing);
    if (strcmp(pg->state, "42P01") == 0)
        return cs_fail(error, CS_ERR_IO, "%.150s: %s: the store's tables are not there (any more): %s", where, doing,
                       reason(pg, result, line, sizeof line));
    return cs_fail(error, CS_ERR_IO, "%.150s: %s: %s", where, doing, reason(pg, result, line, sizeof line));
}

int cs_pg_may_not(const cs_postgres *pg) {
    return strcmp(pg->state, "42501") == 0;
}

/* What SQLite answers, in the library's words. */
#include <string.h>

#include "base/error.h"
#include "store/sqlite.h"

static cs_status status_of(int answer) {
    if (answer == SQLITE_IOERR_NOMEM) return CS_ERR_MEMORY;
    switch (answer & 0xff) {
    case SQLITE_NOMEM:
        return CS_ERR_MEMORY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_MISMATCH:
    case SQLITE_CONSTRAINT:
        return CS_ERR_FORMAT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_PROTOCOL:
    case SQLITE_NOLFS:
        return CS_ERR_IO;
    case SQLITE_TOOBIG:
        return CS_ERR_LIMIT;
    default:
        return CS_ERR_INTERNAL;
    }
}

cs_status cs_sqlite_fail(const cs_sqlite *sqlite, int answer, cs_error *error) {
    cs_status status = status_of(answer);
    if (status == CS_ERR_MEMORY) return cs_fail_memory(error, sqlite->where);
    if ((answer & 0xff) == SQLITE_BUSY)
        return cs_fail(error, status, "%s: another process has been writing to it for too long", sqlite->where);
    /* the connection's own message says more, where it is about this answer */
    int known = sqlite->db && (sqlite3_errcode(sqlite->db) & 0xff) == (answer & 0xff);
    const char *said = known ? sqlite3_errmsg(sqlite->db) : sqlite3_errstr(answer);
    int reason = known && status == CS_ERR_IO ? sqlite3_system_errno(sqlite->db) : 0;
    return cs_fail(error, status, "%s: %s%s%s", sqlite->where, said, reason ? ": " : "",
                   reason ? strerror(reason) : "");
}

cs_status cs_sqlite_damaged(const cs_sqlite *sqlite, const char *what, cs_error *error) {
    return cs_fail(error, CS_ERR_FORMAT, "%s: damaged: %s", sqlite->where, what);
}

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/strbuf.h"
#include "store/sqlite.h"

/* How long another process's transaction is waited for. */
enum { BUSY_MS = 20000 };

/* What every connection is told. FULL: a commit is on disk when it returns. The file may come from anywhere, so nothing
 * in it may call functions or change the tables' definitions. What is deleted need not be wiped. */
static const char SETTINGS[] = "PRAGMA synchronous=FULL;"
                               "PRAGMA temp_store=MEMORY;"
                               "PRAGMA secure_delete=OFF;"
                               "PRAGMA cell_size_check=ON;"
                               "PRAGMA cache_size=-2000;"
                               "PRAGMA journal_size_limit=67108864;";

/* SQLite takes names such as ":memory:" and "file:..." for something else than files. */
static cs_status plain_name(const char *where, char **name, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    if (where[0] != '/') cs_strbuf_puts(&buffer, "./");
    cs_strbuf_puts(&buffer, where);
    return cs_strbuf_take(&buffer, name, error);
}

static cs_status configure(cs_sqlite *sqlite, cs_error *error) {
    sqlite3_busy_timeout(sqlite->db, BUSY_MS);
    sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(sqlite->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    return cs_sqlite_script(sqlite, SETTINGS, error);
}

cs_status cs_sqlite_connect(const char *where, int flags, cs_sqlite *sqlite, cs_error *error) {
    char *name;
    cs_sqlite made = {.where = where};
    cs_status status = plain_name(where, &name, error);
    if (status != CS_OK) return status;
    int answer = sqlite3_open_v2(name, &made.db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    status = answer == SQLITE_OK ? configure(&made, error) : cs_sqlite_fail(&made, answer, error);
    free(name);
    if (status == CS_OK)
        *sqlite = made;
    else
        cs_sqlite_disconnect(&made);
    return status;
}

cs_status cs_sqlite_connect_like(const cs_sqlite *other, cs_sqlite *sqlite, cs_error *error) {
    return cs_sqlite_connect(other->where, SQLITE_OPEN_READWRITE, sqlite, error);
}

void cs_sqlite_disconnect(cs_sqlite *sqlite) {
    for (int i = 0; i < CS_SQL_COUNT; i++)
        sqlite3_finalize(sqlite->statements[i]);
    sqlite3_close(sqlite->db);
    *sqlite = (cs_sqlite){NULL, NULL, {NULL}};
}

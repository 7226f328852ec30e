#include <stdlib.h>

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

/* SQLite takes names such as ":memory:" for something else than files. */
static void add_plain_name(cs_strbuf *buffer, const char *where) {
    if (where[0] != '/') cs_strbuf_puts(buffer, "./");
    cs_strbuf_puts(buffer, where);
}

/* A URI, which alone can say that nobody changes the file, so that SQLite needs no files beside it. */
static void add_still_name(cs_strbuf *buffer, const char *where) {
    cs_strbuf_puts(buffer, where[0] == '/' ? "file:" : "file:./");
    for (const char *at = where; *at; at++)
        cs_strbuf_printf(buffer, "%%%02x", (unsigned char)*at);
    cs_strbuf_puts(buffer, "?immutable=1");
}

static cs_status name_for(const char *where, cs_sqlite_mode mode, char **name, cs_error *error) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    if (mode == CS_SQLITE_STILL)
        add_still_name(&buffer, where);
    else
        add_plain_name(&buffer, where);
    return cs_strbuf_take(&buffer, name, error);
}

static int flags_for(cs_sqlite_mode mode) {
    const int always = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    if (mode == CS_SQLITE_STILL) return always | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    /* a file that may not be written is opened for reading all the same */
    return always | SQLITE_OPEN_READWRITE | (mode == CS_SQLITE_CREATE ? SQLITE_OPEN_CREATE : 0);
}

cs_status cs_sqlite_connect(const char *where, cs_sqlite_mode mode, cs_sqlite *sqlite, cs_error *error) {
    char *name;
    cs_sqlite made = {.where = where, .mode = mode};
    cs_status status = name_for(where, mode, &name, error);
    if (status != CS_OK) return status;
    int answer = sqlite3_open_v2(name, &made.db, flags_for(mode), NULL);
    free(name);
    if (answer != SQLITE_OK) {
        status = cs_sqlite_fail(&made, answer, error);
        cs_sqlite_disconnect(&made);
        return status;
    }
    sqlite3_busy_timeout(made.db, BUSY_MS);
    sqlite3_db_config(made.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(made.db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    *sqlite = made;
    return CS_OK;
}

cs_status cs_sqlite_configure(cs_sqlite *sqlite, cs_error *error) {
    return cs_sqlite_script(sqlite, SETTINGS, error);
}

void cs_sqlite_disconnect(cs_sqlite *sqlite) {
    for (int i = 0; i < CS_SQL_COUNT; i++)
        sqlite3_finalize(sqlite->statements[i]);
    sqlite3_close(sqlite->db);
    *sqlite = (cs_sqlite){.db = NULL};
}

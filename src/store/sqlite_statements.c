#include <stdarg.h>

#include "store/sqlite.h"

#define PHOTO_COLUMNS "path, bytes, modified, hash, width, height, problem, rows, block, slot, boxes"

static const char *const TEXTS[CS_SQL_COUNT] = {
    [CS_SQL_BEGIN] = "BEGIN",
    [CS_SQL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CS_SQL_COMMIT] = "COMMIT",
    [CS_SQL_ROLLBACK] = "ROLLBACK",
    [CS_SQL_STATE] = "SELECT windows, change, tail, photographs, broken, rows FROM store",
    [CS_SQL_SET_STATE] = "UPDATE store SET change = ?, tail = ?, photographs = ?, broken = ?, rows = ?",
    [CS_SQL_SET_WINDOWS] = "UPDATE store SET windows = 1",
    [CS_SQL_EACH] = ("SELECT " PHOTO_COLUMNS " FROM photograph WHERE path >= ? AND path < ? ORDER BY path"),
    [CS_SQL_EACH_FROM] = ("SELECT " PHOTO_COLUMNS " FROM photograph WHERE path >= ? ORDER BY path"),
    [CS_SQL_FIND] = "SELECT id, block, slot, rows, problem IS NOT NULL FROM photograph WHERE path = ?",
    [CS_SQL_HASHES] = "SELECT id, hash FROM photograph WHERE id > ? AND problem IS NULL ORDER BY id",
    [CS_SQL_PHOTO] = ("SELECT " PHOTO_COLUMNS " FROM photograph WHERE id = ?"),
    [CS_SQL_PHOTO_AT] = ("SELECT " PHOTO_COLUMNS " FROM photograph WHERE path = ?"),
    [CS_SQL_INSERT] = ("INSERT INTO photograph(path, bytes, modified, hash, width, height, problem, block, slot, rows, "
                       "boxes) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
    [CS_SQL_UPDATE] = ("UPDATE photograph SET path = ?, bytes = ?, modified = ?, hash = ?, width = ?, height = ?, "
                       "problem = ?, block = ?, slot = ?, rows = ?, boxes = ? WHERE id = ?"),
    [CS_SQL_TOUCH] = "UPDATE photograph SET bytes = ?, modified = ? WHERE path = ?",
    [CS_SQL_DELETE] = "DELETE FROM photograph WHERE id = ?",
    [CS_SQL_MOVE] = "UPDATE photograph SET block = ?, slot = ? WHERE id = ?",
    [CS_SQL_HIT] = "SELECT path, width, height, boxes FROM photograph WHERE id = ?",
    [CS_SQL_LAST_ID] = "SELECT max(id) FROM photograph",
    [CS_SQL_IDS] = "SELECT id FROM photograph WHERE path >= ? AND path < ?",
    [CS_SQL_IDS_FROM] = "SELECT id FROM photograph WHERE path >= ?",
    [CS_SQL_BLOCK] = "SELECT capacity, used, live, owners FROM block WHERE id = ?",
    [CS_SQL_BLOCK_VERSION] = "SELECT version FROM block WHERE id = ?",
    [CS_SQL_BLOCKS_SINCE] = "SELECT id, version, capacity, used, owners FROM block WHERE version > ? ORDER BY id",
    [CS_SQL_EMPTY_BLOCK] = "SELECT id FROM block WHERE capacity = 0 LIMIT 1",
    [CS_SQL_LAST_BLOCK] = "SELECT max(id) FROM block",
    [CS_SQL_SPARSE_BLOCK] = "SELECT id FROM block WHERE id > ? AND 4 * live < 3 * used ORDER BY id LIMIT 1",
    [CS_SQL_PUT_BLOCK] = ("INSERT INTO block(id, version, capacity, used, live, owners) VALUES(?, ?, ?, ?, ?, ?) "
                          "ON CONFLICT(id) DO UPDATE SET version = excluded.version, capacity = excluded.capacity, "
                          "used = excluded.used, live = excluded.live, owners = excluded.owners"),
    [CS_SQL_ADD_ROWS] = "INSERT INTO vectors(id, rows) VALUES(?, zeroblob(?))",
    [CS_SQL_DELETE_ROWS] = "DELETE FROM vectors WHERE id = ?",
    [CS_SQL_APPLICATION] = "PRAGMA application_id",
    [CS_SQL_VERSION] = "PRAGMA user_version",
    [CS_SQL_TABLES] = "SELECT count(*) FROM sqlite_schema",
    [CS_SQL_PAGES] = "PRAGMA page_count",
    [CS_SQL_FREE_PAGES] = "PRAGMA freelist_count",
};

cs_status cs_sqlite_script(cs_sqlite *sqlite, const char *text, cs_error *error) {
    int answer = sqlite3_exec(sqlite->db, text, NULL, NULL, NULL);
    return answer == SQLITE_OK ? CS_OK : cs_sqlite_fail(sqlite, answer, error);
}

static int bind_all(sqlite3_stmt *statement, const char *kinds, va_list arguments) {
    int answer = SQLITE_OK;
    for (int i = 0; answer == SQLITE_OK && kinds[i]; i++) {
        if (kinds[i] == 'i') {
            answer = sqlite3_bind_int64(statement, i + 1, va_arg(arguments, sqlite3_int64));
        } else if (kinds[i] == 't') {
            answer = sqlite3_bind_text(statement, i + 1, va_arg(arguments, const char *), -1, SQLITE_STATIC);
        } else {
            const void *bytes = va_arg(arguments, const void *);
            answer = sqlite3_bind_blob64(statement, i + 1, bytes, va_arg(arguments, size_t), SQLITE_STATIC);
        }
    }
    return answer;
}

static cs_status bind(cs_sqlite *sqlite, cs_sql which, const char *kinds, va_list arguments, cs_error *error) {
    sqlite3_stmt **statement = &sqlite->statements[which];
    int answer = SQLITE_OK;
    if (!*statement)
        answer = sqlite3_prepare_v3(sqlite->db, TEXTS[which], -1, SQLITE_PREPARE_PERSISTENT, statement, NULL);
    if (answer == SQLITE_OK) answer = bind_all(*statement, kinds, arguments);
    return answer == SQLITE_OK ? CS_OK : cs_sqlite_fail(sqlite, answer, error);
}

cs_status cs_sql_bind(cs_sqlite *sqlite, cs_sql which, cs_error *error, const char *kinds, ...) {
    va_list arguments;
    va_start(arguments, kinds);
    cs_status status = bind(sqlite, which, kinds, arguments, error);
    va_end(arguments);
    return status;
}

cs_status cs_sql_step(cs_sqlite *sqlite, cs_sql which, int *row, cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[which];
    int answer = sqlite3_step(statement);
    *row = answer == SQLITE_ROW;
    if (answer == SQLITE_ROW) return CS_OK;
    cs_status status = answer == SQLITE_DONE ? CS_OK : cs_sqlite_fail(sqlite, answer, error);
    sqlite3_reset(statement);
    return status;
}

void cs_sql_reset(cs_sqlite *sqlite, cs_sql which) {
    sqlite3_reset(sqlite->statements[which]);
}

cs_status cs_sql_run(cs_sqlite *sqlite, cs_sql which, cs_error *error, const char *kinds, ...) {
    int row = 0;
    va_list arguments;
    va_start(arguments, kinds);
    cs_status status = bind(sqlite, which, kinds, arguments, error);
    va_end(arguments);
    if (status == CS_OK) status = cs_sql_step(sqlite, which, &row, error);
    return status;
}

cs_status cs_sql_number(cs_sqlite *sqlite, cs_sql which, sqlite3_int64 *value, cs_error *error) {
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, which, error, "");
    if (status == CS_OK) status = cs_sql_step(sqlite, which, &row, error);
    if (status != CS_OK) return status;
    *value = row ? sqlite3_column_int64(sqlite->statements[which], 0) : 0;
    if (row) cs_sql_reset(sqlite, which);
    return CS_OK;
}

cs_status cs_sql_end(cs_sqlite *sqlite, cs_status status, cs_error *error) {
    if (status == CS_OK) status = cs_sql_run(sqlite, CS_SQL_COMMIT, error, "");
    /* some errors have rolled back already; then this one fails, and nothing is lost by it */
    if (status != CS_OK && !sqlite3_get_autocommit(sqlite->db)) cs_sql_run(sqlite, CS_SQL_ROLLBACK, NULL, "");
    return status;
}

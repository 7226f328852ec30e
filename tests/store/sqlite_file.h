/* A store's file as SQLite sees it: whether it holds together. */
#ifndef CS_TESTS_SQLITE_FILE_H
#define CS_TESTS_SQLITE_FILE_H

#include <sqlite3.h>

#include "support/support.h"

/* The first column of a query's first row; fails the test where the query fails. */
static inline sqlite3_int64 file_number(const char *file, const char *query) {
    sqlite3 *db = NULL;
    sqlite3_stmt *statement = NULL;
    if (sqlite3_open(file, &db) != SQLITE_OK || sqlite3_prepare_v2(db, query, -1, &statement, NULL) != SQLITE_OK ||
        sqlite3_step(statement) != SQLITE_ROW)
        fail_msg("%s: %s", query, sqlite3_errmsg(db));
    sqlite3_int64 value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

/* Runs SQL. */
static inline void file_change(const char *file, const char *sql) {
    sqlite3 *db = NULL;
    char *message = NULL;
    if (sqlite3_open(file, &db) != SQLITE_OK || sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s: %s", sql, message ? message : sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* Nothing of these may have a row. */
static const char *const FILE_OFFENCES[] = {
    /* rows lie within their block */
    "SELECT count(*) FROM photograph p LEFT JOIN block b ON b.id = p.block WHERE p.rows > 0 AND (b.id IS NULL OR "
    "p.slot < 0 OR p.slot + p.rows > b.used)",
    /* no two photographs share a row */
    "SELECT count(*) FROM photograph p JOIN photograph q ON p.block = q.block AND p.id < q.id AND p.rows > 0 AND "
    "q.rows "
    "> 0 AND p.slot < q.slot + q.rows AND q.slot < p.slot + p.rows",
    /* blocks know how many of their rows are somebody's */
    "SELECT count(*) FROM block b WHERE b.live != (SELECT coalesce(sum(rows), 0) FROM photograph WHERE block = b.id "
    "AND "
    "rows > 0)",
    "SELECT count(*) FROM block WHERE used > capacity OR live > used OR length(owners) != 8 * capacity",
    /* the first and the last row of each have its id, little-endian */
    "SELECT count(*) FROM photograph p JOIN block b ON b.id = p.block WHERE p.rows > 0 AND (hex(substr(b.owners, 8 * "
    "p.slot + 1, 4)) != printf('%02X%02X0000', p.id & 255, p.id >> 8) OR hex(substr(b.owners, 8 * (p.slot + p.rows - "
    "1) "
    "+ 1, 4)) != printf('%02X%02X0000', p.id & 255, p.id >> 8))",
    "SELECT count(*) FROM block b WHERE live = 0 AND capacity > 0",
    /* a block has room exactly where it says so */
    "SELECT count(*) FROM block b LEFT JOIN vectors v ON v.id = b.id WHERE (b.capacity > 0) != (v.id IS NOT NULL)",
    "SELECT count(*) FROM vectors v LEFT JOIN block b ON v.id = b.id, store s WHERE b.id IS NULL OR length(v.rows) != "
    "b.capacity * s.dim * 4",
    "SELECT count(*) FROM store WHERE photographs != (SELECT count(*) FROM photograph WHERE problem IS NULL)",
    "SELECT count(*) FROM store WHERE broken != (SELECT count(*) FROM photograph WHERE problem IS NOT NULL)",
    "SELECT count(*) FROM store WHERE rows != (SELECT coalesce(sum(rows), 0) FROM photograph)",
    "SELECT count(*) FROM block, store WHERE version > change",
    "SELECT count(*) FROM photograph WHERE coalesce(length(boxes), 0) != 16 * rows",
    "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check != 'ok'",
};

static inline void file_holds_together(const char *file) {
    for (size_t i = 0; i < sizeof FILE_OFFENCES / sizeof *FILE_OFFENCES; i++)
        if (file_number(file, FILE_OFFENCES[i]) != 0) fail_msg("%s: %s", file, FILE_OFFENCES[i]);
}

#endif

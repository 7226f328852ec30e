#include <stdio.h>
#include <unistd.h>

#include "base/error.h"
#include "store/sqlite.h"

/* "clip" */
enum { APPLICATION_ID = 0x636c6970, SCHEMA_VERSION = 1 };

/* Before there is a table. Pages of this size hold a row of vectors without many steps from page to page, and are small
 * enough that a commit, which writes whole ones, does not write ten times what it has to (docs/search.md). */
static const char FILE_SETTINGS[] = "PRAGMA page_size=16384;"
                                    "PRAGMA auto_vacuum=INCREMENTAL;"
                                    "PRAGMA journal_mode=WAL;";

static const char TABLES[] =
    "CREATE TABLE store(weights_id TEXT NOT NULL, dim INTEGER NOT NULL, model TEXT NOT NULL, windows INTEGER NOT NULL,"
    " change INTEGER NOT NULL, tail INTEGER NOT NULL, photographs INTEGER NOT NULL, broken INTEGER NOT NULL,"
    " rows INTEGER NOT NULL);"
    "CREATE TABLE photograph(id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, bytes INTEGER NOT NULL,"
    " modified INTEGER NOT NULL, hash BLOB NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL, problem TEXT,"
    " block INTEGER NOT NULL, slot INTEGER NOT NULL, rows INTEGER NOT NULL, boxes BLOB);"
    "CREATE TABLE block(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, capacity INTEGER NOT NULL,"
    " used INTEGER NOT NULL, live INTEGER NOT NULL, owners BLOB);"
    "CREATE INDEX block_version ON block(version);"
    "CREATE INDEX block_empty ON block(id) WHERE capacity = 0;"
    "CREATE TABLE vectors(id INTEGER PRIMARY KEY, rows BLOB NOT NULL);";

static cs_status identify(cs_sqlite *sqlite, int *empty, cs_error *error) {
    sqlite3_int64 application = 0, version = 0, tables = 0;
    cs_status status = cs_sql_number(sqlite, CS_SQL_APPLICATION, &application, error);
    if (status == CS_OK) status = cs_sql_number(sqlite, CS_SQL_VERSION, &version, error);
    if (status == CS_OK) status = cs_sql_number(sqlite, CS_SQL_TABLES, &tables, error);
    if (status != CS_OK) return status;
    *empty = application == 0 && version == 0 && tables == 0;
    if (*empty) return CS_OK;
    if (application != APPLICATION_ID)
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a clipsight store, found another SQLite database",
                       sqlite->where);
    if (version > SCHEMA_VERSION)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: a store of a newer clipsight (version %d; this one knows %d)",
                       sqlite->where, (int)version, SCHEMA_VERSION);
    return version == SCHEMA_VERSION ? CS_OK : cs_sqlite_damaged(sqlite, "it has no version", error);
}

/* Within a transaction: another process may be making it, and half of before with half of after is neither. */
cs_status cs_sqlite_identify(cs_sqlite *sqlite, int *empty, cs_error *error) {
    cs_status status = cs_sql_run(sqlite, CS_SQL_BEGIN, error, "");
    return status == CS_OK ? cs_sql_end(sqlite, identify(sqlite, empty, error), error) : status;
}

static cs_status insert_model(cs_sqlite *sqlite, const cs_store_model *model, cs_error *error) {
    static const char TEXT[] = "INSERT INTO store VALUES(?, ?, ?, 0, 0, 0, 0, 0, 0)";
    sqlite3_stmt *statement = NULL;
    int answer = sqlite3_prepare_v2(sqlite->db, TEXT, -1, &statement, NULL);
    if (answer == SQLITE_OK) answer = sqlite3_bind_text(statement, 1, model->weights_id, -1, SQLITE_STATIC);
    if (answer == SQLITE_OK) answer = sqlite3_bind_int(statement, 2, model->dim);
    if (answer == SQLITE_OK)
        answer = sqlite3_bind_text(statement, 3, model->name ? model->name : "", -1, SQLITE_STATIC);
    if (answer == SQLITE_OK) answer = sqlite3_step(statement);
    cs_status status = answer == SQLITE_DONE ? CS_OK : cs_sqlite_fail(sqlite, answer, error);
    sqlite3_finalize(statement);
    return status;
}

/* Within a transaction. */
static cs_status make_tables(cs_sqlite *sqlite, const cs_store_model *model, cs_error *error) {
    char identity[96];
    snprintf(identity, sizeof identity, "PRAGMA application_id=%d; PRAGMA user_version=%d;", APPLICATION_ID,
             SCHEMA_VERSION);
    cs_status status = cs_sqlite_script(sqlite, TABLES, error);
    if (status == CS_OK) status = insert_model(sqlite, model, error);
    return status == CS_OK ? cs_sqlite_script(sqlite, identity, error) : status;
}

/* Within the lock: what changes the kind of a file is not waited for by SQLite itself. */
static cs_status create(cs_sqlite *sqlite, const cs_store_model *model, cs_error *error) {
    int empty = 0;
    cs_status status = cs_sqlite_configure(sqlite, error);
    if (status == CS_OK) status = cs_sqlite_identify(sqlite, &empty, error);
    if (status != CS_OK || !empty) return status;
    status = cs_sqlite_script(sqlite, FILE_SETTINGS, error);
    if (status == CS_OK) status = cs_sql_run(sqlite, CS_SQL_BEGIN_WRITE, error, "");
    return status == CS_OK ? cs_sql_end(sqlite, make_tables(sqlite, model, error), error) : status;
}

cs_status cs_sqlite_create(cs_sqlite *sqlite, const cs_store_model *model, cs_error *error) {
    int lock;
    cs_status status = cs_sqlite_lock(sqlite, 1, &lock, error);
    if (status != CS_OK) return status;
    status = create(sqlite, model, error);
    close(lock);
    return status;
}

cs_status cs_sqlite_read_state(cs_sqlite *sqlite, cs_sqlite_state *state, cs_error *error) {
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_STATE, error, "");
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_STATE, &row, error);
    if (status != CS_OK) return status;
    if (!row) return cs_sqlite_damaged(sqlite, "the table \"store\" is empty", error);
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_STATE];
    state->windows = sqlite3_column_int(statement, 0) != 0;
    state->change = sqlite3_column_int64(statement, 1);
    state->tail = sqlite3_column_int64(statement, 2);
    state->photographs = sqlite3_column_int64(statement, 3);
    state->broken = sqlite3_column_int64(statement, 4);
    state->rows = sqlite3_column_int64(statement, 5);
    cs_sql_reset(sqlite, CS_SQL_STATE);
    return CS_OK;
}

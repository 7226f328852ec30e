#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "store/sqlite.h"
#include "store/sqlite_index.h"

/* Whether somebody has the store open for more than reading it still: then there is a log beside it. */
static cs_status is_in_use(const cs_sqlite *sqlite, int *in_use, cs_error *error) {
    char *name;
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    cs_strbuf_printf(&buffer, "%s-wal", sqlite3_db_filename(sqlite->db, "main"));
    cs_status status = cs_strbuf_take(&buffer, &name, error);
    if (status != CS_OK) return status;
    *in_use = cs_file_exists(name);
    free(name);
    return CS_OK;
}

static cs_status look_at(cs_sqlite *sqlite, int *empty, cs_error *error) {
    cs_status status = cs_sqlite_configure(sqlite, error);
    return status == CS_OK ? cs_sqlite_identify(sqlite, empty, error) : status;
}

/* In the place of the connection that there was; what was kept belongs to that. */
static cs_status connect_anew(cs_sqlite_store *store, cs_sqlite_mode mode, cs_error *error) {
    cs_sqlite fresh;
    int empty = 0;
    cs_status status = cs_sqlite_connect(store->base.where, mode, &fresh, error);
    if (status != CS_OK) return status;
    status = look_at(&fresh, &empty, error);
    if (status == CS_OK && empty) status = cs_sqlite_damaged(&fresh, "it is empty", error);
    if (status != CS_OK) {
        cs_sqlite_disconnect(&fresh);
        return status;
    }
    cs_sqlite_index_free(store->index);
    store->index = NULL;
    cs_sqlite_disconnect(&store->sqlite);
    store->sqlite = fresh;
    return CS_OK;
}

/* Tries to read it still, after `failed`, the reason why it cannot be read otherwise. */
static cs_status open_still(cs_sqlite_store *store, cs_status failed, cs_error *error) {
    int in_use = 1;
    cs_error ignored;
    int answer = sqlite3_errcode(store->sqlite.db) & 0xff;
    if (answer != SQLITE_CANTOPEN && answer != SQLITE_READONLY) return failed;
    if (is_in_use(&store->sqlite, &in_use, &ignored) != CS_OK || in_use) return failed;
    return connect_anew(store, CS_SQLITE_STILL, error);
}

cs_status cs_sqlite_open_there(cs_sqlite_store *store, int *empty, cs_error *error) {
    cs_status status = cs_sqlite_connect(store->base.where, CS_SQLITE_OPEN, &store->sqlite, error);
    if (status != CS_OK) return status;
    status = look_at(&store->sqlite, empty, error);
    return status == CS_OK ? CS_OK : open_still(store, status, error);
}

cs_status cs_sqlite_begin_read(cs_sqlite_store *store, cs_error *error) {
    int in_use = 0;
    cs_status status = CS_OK;
    if (store->sqlite.mode == CS_SQLITE_STILL) status = is_in_use(&store->sqlite, &in_use, error);
    if (status == CS_OK && in_use) status = connect_anew(store, CS_SQLITE_OPEN, error);
    return status == CS_OK ? cs_sql_run(&store->sqlite, CS_SQL_BEGIN, error, "") : status;
}

cs_status cs_sqlite_end_read(cs_sqlite_store *store, cs_status status, cs_error *error) {
    int in_use = 0;
    status = cs_sql_end(&store->sqlite, status, error);
    if (store->sqlite.mode != CS_SQLITE_STILL) return status;
    cs_status looked = is_in_use(&store->sqlite, &in_use, error);
    if (looked != CS_OK) return looked;
    if (!in_use) return status;
    return cs_fail(error, CS_ERR_IO, "%s: was changed while it was read; try again", store->base.where);
}

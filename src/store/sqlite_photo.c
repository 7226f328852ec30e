#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite.h"

cs_status cs_sqlite_path(cs_sqlite *sqlite, cs_sql which, int column, char **path, cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[which];
    const void *bytes = sqlite3_column_blob(statement, column);
    size_t size = (size_t)sqlite3_column_bytes(statement, column);
    if (size == 0 || memchr(bytes, '\0', size)) return cs_sqlite_damaged(sqlite, "a path is none", error);
    char *copy = cs_alloc(size + 1, 1);
    if (!copy) return cs_fail_memory(error, sqlite->where);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    *path = copy;
    return CS_OK;
}

static int is_length(sqlite3_int64 value) {
    return value >= 0 && value <= INT_MAX;
}

cs_status cs_sqlite_read_photo(cs_sqlite *sqlite, cs_sql which, cs_store_photo *photo, cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[which];
    sqlite3_int64 width = sqlite3_column_int64(statement, CS_PHOTO_WIDTH),
                  height = sqlite3_column_int64(statement, CS_PHOTO_HEIGHT);
    sqlite3_int64 rows = sqlite3_column_int64(statement, CS_PHOTO_ROWS);
    const void *hash = sqlite3_column_blob(statement, CS_PHOTO_HASH);
    if (!hash || sqlite3_column_bytes(statement, CS_PHOTO_HASH) != (int)sizeof photo->hash || !is_length(width) ||
        !is_length(height) || !is_length(rows))
        return cs_sqlite_damaged(sqlite, "a photograph's row", error);
    *photo = (cs_store_photo){.bytes = (uint64_t)sqlite3_column_int64(statement, CS_PHOTO_BYTES),
                              .modified = sqlite3_column_int64(statement, CS_PHOTO_MODIFIED),
                              .width = (int)width,
                              .height = (int)height,
                              .problem = (const char *)sqlite3_column_text(statement, CS_PHOTO_PROBLEM),
                              .rows = (size_t)rows};
    memcpy(photo->hash, hash, sizeof photo->hash);
    char *path = NULL;
    cs_status status = cs_sqlite_path(sqlite, which, CS_PHOTO_PATH, &path, error);
    photo->path = path;
    return status;
}

/* The first path behind all that begin with the prefix, as *length bytes; NULL in *end where there is none (the prefix
 * is empty or all 0xff). free() it. */
static cs_status find_end(const char *prefix, char **end, size_t *length, cs_error *error) {
    size_t size = strlen(prefix);
    *end = NULL;
    while (size > 0 && (unsigned char)prefix[size - 1] == 0xff)
        size--;
    if (size == 0) return CS_OK;
    char *copy = cs_strdup(prefix);
    if (!copy) return cs_fail_memory(error, prefix);
    copy[size - 1] = (char)((unsigned char)copy[size - 1] + 1);
    *end = copy;
    *length = size;
    return CS_OK;
}

cs_status cs_sqlite_each_below(cs_sqlite *sqlite, const char *prefix, cs_sql between, cs_sql from,
                               cs_sqlite_take_row take, void *context, cs_error *error) {
    char *end;
    size_t length = 0;
    int row = 1;
    cs_status status = find_end(prefix, &end, &length, error);
    if (status != CS_OK) return status;
    cs_sql which = end ? between : from;
    status = cs_sql_bind(sqlite, which, error, end ? "bb" : "b", (const void *)prefix, strlen(prefix),
                         (const void *)end, length);
    while (status == CS_OK && (status = cs_sql_step(sqlite, which, &row, error)) == CS_OK && row)
        status = take(sqlite, which, context, error);
    if (status != CS_OK) cs_sql_reset(sqlite, which);
    free(end);
    return status;
}

typedef struct listing {
    cs_store_photo_fn call;
    void *context;
} listing;

static cs_status hand_out(cs_sqlite *sqlite, cs_sql which, void *context, cs_error *error) {
    const listing *list = context;
    cs_store_photo photo;
    cs_status status = cs_sqlite_read_photo(sqlite, which, &photo, error);
    if (status != CS_OK) return status;
    if (list->call(list->context, &photo)) status = cs_fail(error, CS_ERR_CANCELLED, "%s: stopped", sqlite->where);
    free((void *)(uintptr_t)photo.path);
    return status;
}

cs_status cs_sqlite_each(cs_store *store, const char *prefix, cs_store_photo_fn call, void *context, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    listing list = {call, context};
    cs_status status = cs_sqlite_begin_read(own, error);
    if (status != CS_OK) return status;
    status = cs_sqlite_each_below(&own->sqlite, prefix, CS_SQL_EACH, CS_SQL_EACH_FROM, hand_out, &list, error);
    return cs_sqlite_end_read(own, status, error);
}

static cs_status find_path(cs_sqlite_store *store, const char *path, cs_store_photo **copy, cs_error *error) {
    cs_sqlite *sqlite = &store->sqlite;
    cs_store_photo photo;
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_PHOTO_AT, error, "b", (const void *)path, strlen(path));
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_PHOTO_AT, &row, error);
    if (status != CS_OK || !row) return status;
    status = cs_sqlite_read_photo(sqlite, CS_SQL_PHOTO_AT, &photo, error);
    if (status == CS_OK) {
        status = cs_store_photo_copy(&photo, store->base.model.dim, copy, error);
        free((void *)(uintptr_t)photo.path);
    }
    cs_sql_reset(sqlite, CS_SQL_PHOTO_AT);
    return status;
}

cs_status cs_sqlite_find_path(cs_store *store, const char *path, cs_store_photo **photo, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_store_photo *found = NULL;
    cs_status status = cs_sqlite_begin_read(own, error);
    if (status == CS_OK) status = cs_sqlite_end_read(own, find_path(own, path, &found, error), error);
    if (status == CS_OK)
        *photo = found;
    else
        cs_store_photo_free(found);
    return status;
}

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "store/sqlite.h"
#include "store/sqlite_blocks.h"

/* Where a photograph's rows are now. */
typedef struct old_photo {
    sqlite3_int64 id; /* 0: the path is not in the store */
    sqlite3_int64 block;
    int slot;
    size_t rows;
    int broken;
} old_photo;

static cs_status find(cs_sqlite *sqlite, const char *path, old_photo *old, cs_error *error) {
    int row = 0;
    *old = (old_photo){0, 0, 0, 0, 0};
    cs_status status = cs_sql_bind(sqlite, CS_SQL_FIND, error, "b", (const void *)path, strlen(path));
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_FIND, &row, error);
    if (status != CS_OK || !row) return status;
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_FIND];
    sqlite3_int64 rows = sqlite3_column_int64(statement, 3);
    *old = (old_photo){sqlite3_column_int64(statement, 0), sqlite3_column_int64(statement, 1),
                       sqlite3_column_int(statement, 2), (size_t)rows, sqlite3_column_int(statement, 4)};
    cs_sql_reset(sqlite, CS_SQL_FIND);
    if (rows < 0 || old->id <= 0) return cs_sqlite_damaged(sqlite, "a photograph's row", error);
    return CS_OK;
}

static void count(cs_sqlite_state *state, int broken, size_t rows, int sign) {
    *(broken ? &state->broken : &state->photographs) += sign;
    state->rows += sign * (sqlite3_int64)rows;
}

static cs_status release_rows(cs_writer *writer, const old_photo *old, cs_error *error) {
    return old->rows ? cs_writer_release(writer, old->block, old->slot, old->rows, error) : CS_OK;
}

/* Writes the row of the table; *id is that of an old one, or becomes that of a new one. */
static cs_status write_photo(cs_sqlite *sqlite, const cs_store_photo *photo, sqlite3_int64 block, int slot,
                             sqlite3_int64 *id, cs_error *error) {
    const void *boxes = photo->rows ? photo->boxes : NULL;
    cs_sql which = *id ? CS_SQL_UPDATE : CS_SQL_INSERT;
    cs_status status = cs_sql_run(sqlite, which, error, *id ? "biibiitiiibi" : "biibiitiiib", (const void *)photo->path,
                                  strlen(photo->path), (sqlite3_int64)photo->bytes, (sqlite3_int64)photo->modified,
                                  (const void *)photo->hash, sizeof photo->hash, (sqlite3_int64)photo->width,
                                  (sqlite3_int64)photo->height, photo->problem, block, (sqlite3_int64)slot,
                                  (sqlite3_int64)photo->rows, boxes, photo->rows * sizeof *photo->boxes, *id);
    if (status == CS_OK && !*id) *id = sqlite3_last_insert_rowid(sqlite->db);
    return status;
}

static cs_status put_one(cs_writer *writer, const cs_store_photo *photo, sqlite3_int64 *id, cs_error *error) {
    old_photo old;
    cs_status status = find(writer->sqlite, photo->path, &old, error);
    if (status != CS_OK) return status;
    /* as many rows as before take the same place */
    int stay = old.id && old.rows == photo->rows;
    if (old.id) count(&writer->state, old.broken, old.rows, -1);
    if (!stay) status = release_rows(writer, &old, error);
    if (status == CS_OK && !stay && photo->rows)
        status = cs_writer_allocate(writer, photo->rows, &old.block, &old.slot, error);
    if (status == CS_OK) status = write_photo(writer->sqlite, photo, old.block, old.slot, &old.id, error);
    if (status == CS_OK && photo->rows)
        status = cs_writer_fill(writer, old.block, old.slot, photo->rows, old.id, photo->embeddings, error);
    count(&writer->state, photo->problem != NULL, photo->rows, 1);
    *id = old.id;
    return status;
}

cs_status cs_sqlite_put(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_writer writer;
    cs_status status = cs_writer_begin(own, &writer, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < n && status == CS_OK; i++) {
        sqlite3_int64 id = 0;
        status = put_one(&writer, &photos[i], &id, error);
        if (status == CS_OK) cs_sqlite_note_content(own, &photos[i], id);
    }
    status = cs_writer_end(&writer, status, error);
    for (size_t i = 0; i < n && status == CS_OK && own->todo; i++)
        cs_todo_done(own->todo, photos[i].path);
    return status;
}

static cs_status remove_one(cs_writer *writer, const char *path, cs_error *error) {
    old_photo old;
    cs_status status = find(writer->sqlite, path, &old, error);
    if (status != CS_OK || !old.id) return status;
    count(&writer->state, old.broken, old.rows, -1);
    status = release_rows(writer, &old, error);
    return status == CS_OK ? cs_sql_run(writer->sqlite, CS_SQL_DELETE, error, "i", old.id) : status;
}

cs_status cs_sqlite_remove(cs_store *store, const char *const *paths, size_t n, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_writer writer;
    cs_status status = cs_sqlite_hold(own, error);
    if (status == CS_OK) status = cs_writer_begin(own, &writer, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < n && status == CS_OK; i++)
        status = remove_one(&writer, paths[i], error);
    return cs_writer_end(&writer, status, error);
}

cs_status cs_sqlite_touch(cs_store *store, const cs_store_photo *photos, size_t n, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_sqlite *sqlite = &own->sqlite;
    cs_status status = cs_sqlite_hold(own, error);
    if (status == CS_OK) status = cs_sql_run(sqlite, CS_SQL_BEGIN_WRITE, error, "");
    if (status != CS_OK) return status;
    for (size_t i = 0; i < n && status == CS_OK; i++)
        status = cs_sql_run(sqlite, CS_SQL_TOUCH, error, "iib", (sqlite3_int64)photos[i].bytes,
                            (sqlite3_int64)photos[i].modified, (const void *)photos[i].path, strlen(photos[i].path));
    return cs_sql_end(sqlite, status, error);
}

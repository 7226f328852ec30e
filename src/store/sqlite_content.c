/* Photographs by their content. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite.h"
#include "store/sqlite_blocks.h"

static const uint8_t *hash_in(sqlite3_stmt *statement, int column) {
    return sqlite3_column_bytes(statement, column) == 32 ? sqlite3_column_blob(statement, column) : NULL;
}

/* Notes the photographs that came after those that are known. One that another process gave new contents is missed,
 * which costs no more than encoding its copy. */
static cs_status refresh(cs_sqlite_store *store, cs_error *error) {
    cs_sqlite *sqlite = &store->sqlite;
    int row = 1;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_HASHES, error, "i", store->content_known);
    while (status == CS_OK && (status = cs_sql_step(sqlite, CS_SQL_HASHES, &row, error)) == CS_OK && row) {
        sqlite3_stmt *statement = sqlite->statements[CS_SQL_HASHES];
        const uint8_t *hash = hash_in(statement, 1);
        sqlite3_int64 id = sqlite3_column_int64(statement, 0);
        if (!hash)
            status = cs_sqlite_damaged(sqlite, "a photograph's hash", error);
        else if (!cs_content_add(&store->content, hash, id))
            status = cs_fail_memory(error, sqlite->where);
        else
            store->content_known = id;
    }
    if (status != CS_OK) cs_sql_reset(sqlite, CS_SQL_HASHES);
    return status;
}

void cs_sqlite_note_content(cs_sqlite_store *store, const cs_store_photo *photo, sqlite3_int64 id) {
    /* ids beyond the known ones are read when they are asked for, this one with them */
    if (id > store->content_known || photo->problem) return;
    cs_content_add(&store->content, photo->hash, id);
}

/* What the statement's row says, with its boxes and its rows of vectors. */
static cs_status copy_whole(cs_sqlite *sqlite, int dim, cs_store_photo *photo, cs_store_photo **copy, cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_PHOTO];
    size_t boxes = (size_t)sqlite3_column_bytes(statement, CS_PHOTO_BOXES);
    photo->boxes = sqlite3_column_blob(statement, CS_PHOTO_BOXES);
    if (photo->rows == 0 || photo->rows > boxes || boxes != photo->rows * sizeof *photo->boxes)
        return cs_sqlite_damaged(sqlite, "a photograph's boxes", error);
    float *embeddings = cs_alloc(photo->rows, (size_t)dim * sizeof *embeddings);
    if (!embeddings) return cs_fail_memory(error, photo->path);
    photo->embeddings = embeddings;
    cs_status status = cs_vectors_read(sqlite, sqlite3_column_int64(statement, CS_PHOTO_BLOCK), dim,
                                       sqlite3_column_int64(statement, CS_PHOTO_SLOT), photo->rows, embeddings, error);
    if (status == CS_OK) status = cs_store_photo_copy(photo, dim, copy, error);
    free(embeddings);
    return status;
}

/* Leaves *copy at NULL where the photograph has other contents by now, or is gone. */
static cs_status look_up(cs_sqlite *sqlite, int dim, sqlite3_int64 id, const uint8_t hash[32], cs_store_photo **copy,
                         cs_error *error) {
    int row = 0;
    cs_store_photo photo;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_PHOTO, error, "i", id);
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_PHOTO, &row, error);
    if (status != CS_OK || !row) return status;
    const uint8_t *found = hash_in(sqlite->statements[CS_SQL_PHOTO], CS_PHOTO_HASH);
    if (found && memcmp(found, hash, 32) == 0) {
        status = cs_sqlite_read_photo(sqlite, CS_SQL_PHOTO, &photo, error);
        if (status == CS_OK) {
            if (!photo.problem) status = copy_whole(sqlite, dim, &photo, copy, error);
            free((void *)(uintptr_t)photo.path);
        }
    }
    cs_sql_reset(sqlite, CS_SQL_PHOTO);
    return status;
}

static cs_status find(cs_sqlite_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error) {
    cs_status status = refresh(store, error);
    size_t at = cs_content_start(&store->content, hash);
    sqlite3_int64 id;
    while (status == CS_OK && !*photo && (id = cs_content_next(&store->content, hash, &at)) != 0)
        status = look_up(&store->sqlite, store->base.model.dim, id, hash, photo, error);
    return status;
}

cs_status cs_sqlite_find_content(cs_store *store, const uint8_t hash[32], cs_store_photo **photo, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_store_photo *found = NULL;
    cs_status status = cs_sqlite_begin_read(own, error);
    if (status != CS_OK) return status;
    status = cs_sqlite_end_read(own, find(own, hash, &found, error), error);
    if (status == CS_OK)
        *photo = found;
    else
        cs_store_photo_free(found);
    return status;
}

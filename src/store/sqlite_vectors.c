/* Rows of vectors within their block: written, given up, read. */
#include "base/error.h"
#include "store/sqlite_blocks.h"

/* Whether the rows lie in the block at hand. */
static cs_status check_rows(const cs_writer *writer, int slot, size_t rows, cs_error *error) {
    int capacity = writer->block.capacity;
    if (slot >= 0 && slot <= capacity && rows <= (size_t)(capacity - slot)) return CS_OK;
    return cs_sqlite_damaged(writer->sqlite, "a photograph's rows lie outside of their block", error);
}

static cs_status open_blob(cs_sqlite *sqlite, sqlite3_int64 block, int write, sqlite3_blob **blob, cs_error *error) {
    int answer = sqlite3_blob_open(sqlite->db, "main", "vectors", "rows", block, write, blob);
    if (answer == SQLITE_OK) return CS_OK;
    *blob = NULL;
    if (answer == SQLITE_ERROR) return cs_sqlite_damaged(sqlite, "a block's vectors are missing", error);
    return cs_sqlite_fail(sqlite, answer, error);
}

static cs_status write_rows(cs_writer *writer, int slot, size_t rows, const float *vectors, cs_error *error) {
    cs_block *block = &writer->block;
    size_t row = (size_t)writer->dim * sizeof *vectors;
    if (!block->blob) {
        cs_status status = open_blob(writer->sqlite, block->id, 1, &block->blob, error);
        if (status != CS_OK) return status;
    }
    if (sqlite3_blob_bytes(block->blob) != (sqlite3_int64)row * block->capacity)
        return cs_sqlite_damaged(writer->sqlite, "a block's vectors", error);
    int answer = sqlite3_blob_write(block->blob, vectors, (int)(rows * row), (int)((size_t)slot * row));
    return answer == SQLITE_OK ? CS_OK : cs_sqlite_fail(writer->sqlite, answer, error);
}

cs_status cs_writer_fill(cs_writer *writer, sqlite3_int64 block, int slot, size_t rows, int64_t owner,
                         const float *vectors, cs_error *error) {
    cs_block *at = &writer->block;
    cs_status status = cs_writer_use(writer, block, error);
    if (status == CS_OK) status = check_rows(writer, slot, rows, error);
    if (status == CS_OK) status = write_rows(writer, slot, rows, vectors, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < rows; i++) {
        at->live += at->owners[(size_t)slot + i] == 0;
        at->owners[(size_t)slot + i] = owner;
    }
    int end = slot + (int)rows;
    if (at->used < end) at->used = end;
    at->changed = 1;
    return CS_OK;
}

cs_status cs_writer_release(cs_writer *writer, sqlite3_int64 block, int slot, size_t rows, cs_error *error) {
    cs_block *at = &writer->block;
    cs_status status = cs_writer_use(writer, block, error);
    if (status == CS_OK) status = check_rows(writer, slot, rows, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < rows; i++) {
        at->live -= at->owners[(size_t)slot + i] != 0;
        at->owners[(size_t)slot + i] = 0;
    }
    at->changed = 1;
    return CS_OK;
}

cs_status cs_vectors_read(cs_sqlite *sqlite, sqlite3_int64 block, int dim, sqlite3_int64 slot, size_t rows, float *out,
                          cs_error *error) {
    sqlite3_blob *blob;
    sqlite3_int64 row = dim * (sqlite3_int64)sizeof *out, bytes = row * (sqlite3_int64)rows;
    cs_status status = open_blob(sqlite, block, 0, &blob, error);
    if (status != CS_OK) return status;
    sqlite3_int64 size = sqlite3_blob_bytes(blob);
    if (slot < 0 || slot > size / row || bytes > size - slot * row) {
        status = cs_sqlite_damaged(sqlite, "rows lie outside of their block", error);
    } else {
        int answer = sqlite3_blob_read(blob, out, (int)bytes, (int)(slot * row));
        if (answer != SQLITE_OK) status = cs_sqlite_fail(sqlite, answer, error);
    }
    sqlite3_blob_close(blob);
    return status;
}

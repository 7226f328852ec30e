#include "store/sqlite_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* Rows per block: many enough that blocks are read at the speed of memory, few enough that one fits into a processor's
 * second-level cache while it is multiplied. Photographs of many rows get larger blocks, as a photograph's rows do not
 * cross from one into the next, and what is left at the end of a block is lost. */
enum { ROWS_LEAST = 256, ROWS_MOST = 1024, PHOTOGRAPHS_LEAST = 16 };

static int capacity_for(size_t rows) {
    size_t wanted = rows > ROWS_MOST / PHOTOGRAPHS_LEAST ? ROWS_MOST : rows * PHOTOGRAPHS_LEAST;
    if (wanted < ROWS_LEAST) wanted = ROWS_LEAST;
    return (int)(wanted > rows ? wanted : rows);
}

cs_status cs_block_owners(cs_sqlite *sqlite, cs_sql which, int column, int capacity, int64_t **owners,
                          cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[which];
    const void *bytes = sqlite3_column_blob(statement, column);
    int size = sqlite3_column_bytes(statement, column);
    *owners = NULL;
    if (capacity < 0 || capacity > (1 << 27) || size != capacity * 8)
        return cs_sqlite_damaged(sqlite, "a block's owners", error);
    if (capacity == 0) return CS_OK;
    *owners = cs_alloc((size_t)capacity, sizeof **owners);
    if (!*owners) return cs_fail_memory(error, sqlite->where);
    memcpy(*owners, bytes, (size_t)size);
    return CS_OK;
}

static cs_status load(cs_writer *writer, sqlite3_int64 id, cs_error *error) {
    cs_sqlite *sqlite = writer->sqlite;
    cs_block *block = &writer->block;
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_BLOCK, error, "i", id);
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_BLOCK, &row, error);
    if (status != CS_OK) return status;
    if (!row) return cs_sqlite_damaged(sqlite, "a block is missing", error);
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_BLOCK];
    *block = (cs_block){id,
                        sqlite3_column_int(statement, 0),
                        sqlite3_column_int(statement, 1),
                        sqlite3_column_int(statement, 2),
                        NULL,
                        NULL,
                        0};
    status = cs_block_owners(sqlite, CS_SQL_BLOCK, 3, block->capacity, &block->owners, error);
    cs_sql_reset(sqlite, CS_SQL_BLOCK);
    if (status == CS_OK &&
        (block->used < 0 || block->used > block->capacity || block->live < 0 || block->live > block->used))
        status = cs_sqlite_damaged(sqlite, "a block's numbers of rows", error);
    if (status != CS_OK) block->id = 0;
    return status;
}

/* Frees the block at hand as it is. */
static void forget(cs_writer *writer) {
    sqlite3_blob_close(writer->block.blob);
    free(writer->block.owners);
    writer->block = (cs_block){0, 0, 0, 0, NULL, NULL, 0};
}

/* Writes down what has changed of the block at hand, and frees it. A block with nothing in it gives its room back. */
static cs_status leave(cs_writer *writer, cs_error *error) {
    cs_block *block = &writer->block;
    cs_sqlite *sqlite = writer->sqlite;
    cs_status status = CS_OK;
    sqlite3_blob_close(block->blob);
    block->blob = NULL;
    if (block->changed && block->live == 0) {
        status = cs_sql_run(sqlite, CS_SQL_DELETE_ROWS, error, "i", block->id);
        block->capacity = block->used = 0;
        if (writer->state.tail == block->id) writer->state.tail = 0;
    }
    if (status == CS_OK && block->changed)
        status = cs_sql_run(sqlite, CS_SQL_PUT_BLOCK, error, "iiiiib", block->id, writer->state.change,
                            (sqlite3_int64)block->capacity, (sqlite3_int64)block->used, (sqlite3_int64)block->live,
                            (const void *)block->owners, (size_t)block->capacity * sizeof *block->owners);
    forget(writer);
    return status;
}

cs_status cs_writer_use(cs_writer *writer, sqlite3_int64 block, cs_error *error) {
    if (writer->block.id == block) return CS_OK;
    cs_status status = leave(writer, error);
    return status == CS_OK ? load(writer, block, error) : status;
}

cs_status cs_writer_begin(cs_sqlite_store *store, cs_writer *writer, cs_error *error) {
    *writer = (cs_writer){.sqlite = &store->sqlite, .dim = store->base.model.dim};
    cs_status status = cs_sql_run(&store->sqlite, CS_SQL_BEGIN_WRITE, error, "");
    if (status != CS_OK) return status;
    status = cs_sqlite_read_state(&store->sqlite, &writer->state, error);
    if (status != CS_OK) return cs_sql_end(&store->sqlite, status, error);
    writer->state.change++;
    return CS_OK;
}

cs_status cs_writer_end(cs_writer *writer, cs_status status, cs_error *error) {
    const cs_sqlite_state *state = &writer->state;
    if (status == CS_OK) status = leave(writer, error);
    if (status == CS_OK)
        status = cs_sql_run(writer->sqlite, CS_SQL_SET_STATE, error, "iiiii", state->change, state->tail,
                            state->photographs, state->broken, state->rows);
    forget(writer);
    return cs_sql_end(writer->sqlite, status, error);
}

/* The number of a block that has no room yet: one that was given back, or a new one. */
static cs_status pick_number(cs_sqlite *sqlite, sqlite3_int64 *id, cs_error *error) {
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_EMPTY_BLOCK, error, "");
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_EMPTY_BLOCK, &row, error);
    if (status != CS_OK) return status;
    *id = row ? sqlite3_column_int64(sqlite->statements[CS_SQL_EMPTY_BLOCK], 0) : 0;
    if (row) cs_sql_reset(sqlite, CS_SQL_EMPTY_BLOCK);
    if (*id) return CS_OK;
    status = cs_sql_bind(sqlite, CS_SQL_LAST_BLOCK, error, "");
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_LAST_BLOCK, &row, error);
    if (status != CS_OK) return status;
    *id = sqlite3_column_int64(sqlite->statements[CS_SQL_LAST_BLOCK], 0) + 1;
    cs_sql_reset(sqlite, CS_SQL_LAST_BLOCK);
    return CS_OK;
}

static cs_status make_block(cs_writer *writer, int capacity, cs_error *error) {
    cs_sqlite *sqlite = writer->sqlite;
    sqlite3_int64 id, bytes = (sqlite3_int64)capacity * writer->dim * (sqlite3_int64)sizeof(float);
    cs_status status = leave(writer, error);
    if (status == CS_OK) status = pick_number(sqlite, &id, error);
    if (status == CS_OK) status = cs_sql_run(sqlite, CS_SQL_ADD_ROWS, error, "ii", id, bytes);
    if (status != CS_OK) return status;
    int64_t *owners = cs_alloc_zero((size_t)capacity, sizeof *owners);
    if (!owners) return cs_fail_memory(error, sqlite->where);
    writer->block = (cs_block){id, capacity, 0, 0, owners, NULL, 1};
    writer->state.tail = id;
    return CS_OK;
}

cs_status cs_writer_allocate(cs_writer *writer, size_t rows, sqlite3_int64 *block, int *slot, cs_error *error) {
    cs_status status = CS_OK;
    if (writer->state.tail) status = cs_writer_use(writer, writer->state.tail, error);
    if (status != CS_OK) return status;
    const cs_block *tail = &writer->block;
    if (!writer->state.tail || rows > (size_t)(tail->capacity - tail->used))
        status = make_block(writer, capacity_for(rows), error);
    if (status != CS_OK) return status;
    *block = tail->id;
    *slot = tail->used;
    return CS_OK;
}

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

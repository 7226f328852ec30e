#include "store/sqlite_blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

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

cs_status cs_writer_leave(cs_writer *writer, cs_error *error) {
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
    cs_status status = cs_writer_leave(writer, error);
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
    if (status == CS_OK) status = cs_writer_leave(writer, error);
    if (status == CS_OK)
        status = cs_sql_run(writer->sqlite, CS_SQL_SET_STATE, error, "iiiii", state->change, state->tail,
                            state->photographs, state->broken, state->rows);
    forget(writer);
    return cs_sql_end(writer->sqlite, status, error);
}

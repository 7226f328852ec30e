#include "store/sqlite_index.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite_blocks.h"

cs_status cs_sqlite_index_create(cs_sqlite_index **index, cs_error *error) {
    cs_sqlite_index *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a search");
    *index = made;
    return CS_OK;
}

void cs_sqlite_index_free(cs_sqlite_index *index) {
    if (!index) return;
    for (size_t i = 0; i < index->count; i++)
        free(index->blocks[i].owners);
    cs_sqlite_index_forget(index);
    for (int i = 0; i < index->reader_count; i++)
        cs_sqlite_disconnect(&index->readers[i]);
    free(index->readers);
    free(index->blocks);
    free(index);
}

/* Blocks have the numbers 1, 2, ...: none is ever taken out of the table. */
static cs_status room_for(cs_sqlite_index *index, cs_sqlite *sqlite, sqlite3_int64 id, cs_error *error) {
    if (id >= 1 && id <= (sqlite3_int64)index->count) return CS_OK;
    if (id != (sqlite3_int64)index->count + 1) return cs_sqlite_damaged(sqlite, "a block's number", error);
    if (index->count == index->capacity) {
        size_t capacity = index->capacity ? 2 * index->capacity : 64;
        cs_known_block *blocks = cs_realloc(index->blocks, capacity, sizeof *blocks);
        if (!blocks) return cs_fail_memory(error, "a search");
        index->blocks = blocks;
        index->capacity = capacity;
    }
    index->blocks[index->count++] = (cs_known_block){.version = 0};
    return CS_OK;
}

static cs_status note_block(cs_sqlite_index *index, cs_sqlite *sqlite, cs_error *error) {
    sqlite3_stmt *statement = sqlite->statements[CS_SQL_BLOCKS_SINCE];
    sqlite3_int64 id = sqlite3_column_int64(statement, 0);
    int capacity = sqlite3_column_int(statement, 2), used = sqlite3_column_int(statement, 3);
    int64_t *owners;
    if (used < 0 || used > capacity) return cs_sqlite_damaged(sqlite, "a block's numbers of rows", error);
    cs_status status = room_for(index, sqlite, id, error);
    if (status == CS_OK) status = cs_block_owners(sqlite, CS_SQL_BLOCKS_SINCE, 4, capacity, &owners, error);
    if (status != CS_OK) return status;
    cs_known_block *block = &index->blocks[id - 1];
    free(block->owners);
    block->version = sqlite3_column_int64(statement, 1);
    block->capacity = capacity;
    block->used = used;
    block->owners = owners;
    return CS_OK;
}

cs_status cs_sqlite_index_refresh(cs_sqlite_index *index, cs_sqlite *sqlite, cs_error *error) {
    cs_sqlite_state state;
    int row = 1;
    cs_status status = cs_sqlite_read_state(sqlite, &state, error);
    if (status != CS_OK || state.change == index->change) return status;
    status = cs_sql_bind(sqlite, CS_SQL_BLOCKS_SINCE, error, "i", index->change);
    while (status == CS_OK && (status = cs_sql_step(sqlite, CS_SQL_BLOCKS_SINCE, &row, error)) == CS_OK && row)
        status = note_block(index, sqlite, error);
    if (status == CS_OK)
        index->change = state.change;
    else
        cs_sql_reset(sqlite, CS_SQL_BLOCKS_SINCE);
    return status;
}

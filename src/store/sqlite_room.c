/* Where the rows of a new photograph go. */
#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite_blocks.h"

/* Rows per block: many enough that blocks are read at the speed of memory, few enough that one fits into a processor's
 * second-level cache while it is multiplied. Photographs of many rows get larger blocks, as a photograph's rows do not
 * cross from one into the next, and what is left at the end of a block is lost. */
enum { ROWS_LEAST = 256, ROWS_MOST = 1024, PHOTOGRAPHS_LEAST = 16 };

static int capacity_for(size_t rows) {
    size_t wanted = rows > ROWS_MOST / PHOTOGRAPHS_LEAST ? ROWS_MOST : rows * PHOTOGRAPHS_LEAST;
    if (wanted < ROWS_LEAST) wanted = ROWS_LEAST;
    return (int)(wanted > rows ? wanted : rows);
}

/* The number of a block that has no room yet: one that was given back, or a new one. */
static cs_status pick_number(cs_sqlite *sqlite, sqlite3_int64 *id, cs_error *error) {
    cs_status status = cs_sql_number(sqlite, CS_SQL_EMPTY_BLOCK, id, error);
    if (status != CS_OK || *id) return status;
    status = cs_sql_number(sqlite, CS_SQL_LAST_BLOCK, id, error);
    ++*id;
    return status;
}

static cs_status make_block(cs_writer *writer, int capacity, cs_error *error) {
    cs_sqlite *sqlite = writer->sqlite;
    sqlite3_int64 id, bytes = (sqlite3_int64)capacity * writer->dim * (sqlite3_int64)sizeof(float);
    cs_status status = cs_writer_leave(writer, error);
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

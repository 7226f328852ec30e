/* After much was added and removed: blocks that are mostly holes are emptied into others, and the file gives back what
 * it does not need. Every step is a transaction of its own, so that it may be broken off anywhere. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/sqlite.h"
#include "store/sqlite_blocks.h"

/* The next block after *id with more than a quarter of its used rows nobody's; 0: none. */
static cs_status next_sparse(cs_sqlite *sqlite, sqlite3_int64 *id, cs_error *error) {
    int row = 0;
    cs_status status = cs_sql_bind(sqlite, CS_SQL_SPARSE_BLOCK, error, "i", *id);
    if (status == CS_OK) status = cs_sql_step(sqlite, CS_SQL_SPARSE_BLOCK, &row, error);
    if (status != CS_OK) return status;
    *id = row ? sqlite3_column_int64(sqlite->statements[CS_SQL_SPARSE_BLOCK], 0) : 0;
    if (row) cs_sql_reset(sqlite, CS_SQL_SPARSE_BLOCK);
    return CS_OK;
}

/* Moves the rows [slot, slot + rows) of one photograph out of a block. */
static cs_status move(cs_writer *writer, sqlite3_int64 from, int slot, size_t rows, int64_t owner, float *vectors,
                      cs_error *error) {
    sqlite3_int64 to;
    int at;
    cs_status status = cs_vectors_read(writer->sqlite, from, writer->dim, slot, rows, vectors, error);
    if (status == CS_OK) status = cs_writer_release(writer, from, slot, rows, error);
    if (status == CS_OK) status = cs_writer_allocate(writer, rows, &to, &at, error);
    if (status == CS_OK)
        status = cs_sql_run(writer->sqlite, CS_SQL_MOVE, error, "iii", to, (sqlite3_int64)at, (sqlite3_int64)owner);
    return status == CS_OK ? cs_writer_fill(writer, to, at, rows, owner, vectors, error) : status;
}

/* owners: [used], a copy, as the block changes on the way. */
static cs_status move_all(cs_writer *writer, sqlite3_int64 block, const int64_t *owners, int used, cs_error *error) {
    float *vectors = cs_alloc((size_t)used, (size_t)writer->dim * sizeof *vectors);
    if (!vectors) return cs_fail_memory(error, writer->sqlite->where);
    cs_status status = CS_OK;
    for (int slot = 0, end; slot < used && status == CS_OK; slot = end) {
        end = slot + 1;
        while (end < used && owners[end] == owners[slot])
            end++;
        if (owners[slot]) status = move(writer, block, slot, (size_t)(end - slot), owners[slot], vectors, error);
    }
    free(vectors);
    return status;
}

static cs_status empty(cs_writer *writer, sqlite3_int64 block, cs_error *error) {
    cs_status status = cs_writer_use(writer, block, error);
    if (status != CS_OK) return status;
    int used = writer->block.used;
    int64_t *owners = cs_alloc((size_t)used, sizeof *owners);
    if (!owners) return cs_fail_memory(error, writer->sqlite->where);
    memcpy(owners, writer->block.owners, (size_t)used * sizeof *owners);
    if (writer->state.tail == block) writer->state.tail = 0;
    status = move_all(writer, block, owners, used, error);
    free(owners);
    return status;
}

static cs_status compact(cs_sqlite_store *store, cs_error *error) {
    sqlite3_int64 block = 0;
    cs_status status = next_sparse(&store->sqlite, &block, error);
    while (status == CS_OK && block) {
        cs_writer writer;
        status = cs_writer_begin(store, &writer, error);
        if (status != CS_OK) return status;
        status = cs_writer_end(&writer, empty(&writer, block, error), error);
        if (status == CS_OK) status = next_sparse(&store->sqlite, &block, error);
    }
    return status;
}

/* Makes the file shorter, if more than an eighth of it is free: less than that is soon filled again. Piece by piece, so
 * that the log stays short. */
static cs_status shorten(cs_sqlite *sqlite, cs_error *error) {
    sqlite3_int64 pages = 0, free_pages = 0, before;
    cs_status status = cs_sql_number(sqlite, CS_SQL_PAGES, &pages, error);
    if (status == CS_OK) status = cs_sql_number(sqlite, CS_SQL_FREE_PAGES, &free_pages, error);
    if (status != CS_OK || free_pages <= pages / 8) return status;
    do {
        before = free_pages;
        status = cs_sqlite_script(sqlite, "PRAGMA incremental_vacuum(4096)", error);
        if (status == CS_OK) status = cs_sql_number(sqlite, CS_SQL_FREE_PAGES, &free_pages, error);
    } while (status == CS_OK && free_pages > 0 && free_pages < before);
    return status;
}

cs_status cs_sqlite_finish(cs_store *store, cs_error *error) {
    cs_sqlite_store *own = cs_sqlite_of(store);
    cs_status status = cs_sqlite_hold(own, error);
    if (status == CS_OK) status = compact(own, error);
    if (status == CS_OK) status = shorten(&own->sqlite, error);
    /* readers may hold it up; then the next one does it */
    if (status == CS_OK) sqlite3_wal_checkpoint_v2(own->sqlite.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    return status;
}

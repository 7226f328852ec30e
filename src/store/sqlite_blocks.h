/* Blocks of vectors: the rows of many photographs in one blob, so that a search reads few large pieces.
 *
 * A block has room for `capacity` rows. The rows of a photograph lie in one block, one after the other in their order.
 * owners[slot] is the id of the photograph that a row belongs to; 0: nobody's (any more). */
#ifndef CS_STORE_SQLITE_BLOCKS_H
#define CS_STORE_SQLITE_BLOCKS_H

#include "store/sqlite.h"

/* A block as it is being changed, with its blob opened when the first row is written. */
typedef struct cs_block {
    sqlite3_int64 id;         /* 0: none */
    int capacity, used, live; /* rows there is room for, ever given to somebody, somebody's now */
    int64_t *owners;          /* [capacity] */
    sqlite3_blob *blob;
    int changed;
} cs_block;

/* A transaction that changes photographs and blocks. */
typedef struct cs_writer {
    cs_sqlite *sqlite;
    int dim;
    cs_sqlite_state state;
    cs_block block; /* the one at hand */
} cs_writer;

/* Waits for other processes' transactions to end. */
cs_status cs_writer_begin(cs_sqlite_store *store, cs_writer *writer, cs_error *error);

/* Commits if status is CS_OK, else takes all back. Returns status, or why it could not commit. */
cs_status cs_writer_end(cs_writer *writer, cs_status status, cs_error *error);

/* Finds room for so many rows of one photograph. */
cs_status cs_writer_allocate(cs_writer *writer, size_t rows, sqlite3_int64 *block, int *slot, cs_error *error);

/* Gives rows their owner and writes them: vectors [rows, dim]. */
cs_status cs_writer_fill(cs_writer *writer, sqlite3_int64 block, int slot, size_t rows, int64_t owner,
                         const float *vectors, cs_error *error);

/* Takes rows from their owner. */
cs_status cs_writer_release(cs_writer *writer, sqlite3_int64 block, int slot, size_t rows, cs_error *error);

/* Writes down what has changed of the block at hand, and frees it. A block with nothing in it gives its room back. */
cs_status cs_writer_leave(cs_writer *writer, cs_error *error);

/* Makes the block the one at hand: writer->block. */
cs_status cs_writer_use(cs_writer *writer, sqlite3_int64 block, cs_error *error);

/* The block's owners from column `column` of the statement's row, which says it has this capacity; free() them. NULL
 * for none: an empty block. */
cs_status cs_block_owners(cs_sqlite *sqlite, cs_sql which, int column, int capacity, int64_t **owners, cs_error *error);

/* Reads rows of a block. out: [rows, dim]. */
cs_status cs_vectors_read(cs_sqlite *sqlite, sqlite3_int64 block, int dim, sqlite3_int64 slot, size_t rows, float *out,
                          cs_error *error);

#endif

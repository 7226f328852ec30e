/* What a process keeps of the blocks between searches: always whose rows they hold, and, once it has searched before,
 * the rows themselves. */
#ifndef CS_STORE_SQLITE_INDEX_H
#define CS_STORE_SQLITE_INDEX_H

#include "store/scan.h"
#include "store/sqlite.h"

typedef struct cs_known_block {
    sqlite3_int64 version; /* changes whenever anything in the block does */
    int capacity, used;
    int64_t *owners; /* [capacity]; NULL where it is 0 */
    float *kept;     /* room for [kept_capacity, dim]; NULL: none */
    int kept_capacity;
    sqlite3_int64 kept_version; /* of the block when its rows were read; 0: not yet */
} cs_known_block;

/* A large piece of memory that blocks' rows are kept in. */
typedef struct cs_slab {
    float *memory;
    size_t size, used; /* floats */
    struct cs_slab *next;
} cs_slab;

struct cs_sqlite_index {
    cs_known_block *blocks; /* block id - 1 */
    size_t count, capacity;
    sqlite3_int64 change; /* of the store when it was read */
    cs_slab *slabs;
    size_t kept_bytes;
    size_t searches;    /* that were done */
    cs_sqlite *readers; /* [reader_count] connections of the threads but the first; db is NULL until it is needed */
    int reader_count;
};

cs_status cs_sqlite_index_create(cs_sqlite_index **index, cs_error *error);
void cs_sqlite_index_free(cs_sqlite_index *index);

/* Reads which blocks have changed since the last time. Within a transaction. */
cs_status cs_sqlite_index_refresh(cs_sqlite_index *index, cs_sqlite *sqlite, cs_error *error);

/* Gives more blocks room for their rows, from the second search on: a process that searches once is faster without, and
 * needs little memory. Where it would be more than half of the machine's, or cannot be had, nothing is kept. */
void cs_sqlite_index_keep(cs_sqlite_index *index, int dim);

/* Gives the memory of all rows back. */
void cs_sqlite_index_forget(cs_sqlite_index *index);

#endif

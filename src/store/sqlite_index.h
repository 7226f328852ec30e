/* What a process keeps of the blocks between searches. */
#ifndef CS_STORE_SQLITE_INDEX_H
#define CS_STORE_SQLITE_INDEX_H

#include "store/scan.h"
#include "store/sqlite.h"

typedef struct cs_known_block {
    sqlite3_int64 version;
    int capacity, used;
    int64_t *owners; /* [capacity]; NULL where it is 0 */
} cs_known_block;

struct cs_sqlite_index {
    cs_known_block *blocks; /* block id - 1 */
    size_t count, capacity;
    sqlite3_int64 change; /* of the store when it was read */
};

cs_status cs_sqlite_index_create(cs_sqlite_index **index, cs_error *error);
void cs_sqlite_index_free(cs_sqlite_index *index);

/* Reads which blocks have changed since the last time. Within a transaction. */
cs_status cs_sqlite_index_refresh(cs_sqlite_index *index, cs_sqlite *sqlite, cs_error *error);

#endif

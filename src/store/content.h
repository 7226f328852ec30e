/* Which photographs may have some content: ids by the first bytes of their hashes, in memory. An index in the store's
 * file would have to be written at as many places as there are new photographs, as hashes lie nowhere together. */
#ifndef CS_STORE_CONTENT_H
#define CS_STORE_CONTENT_H

#include <stddef.h>
#include <stdint.h>

typedef struct cs_content_entry {
    uint64_t key;
    int64_t id; /* 0: free */
} cs_content_entry;

/* Starts as zeros. Nothing is ever taken out: whoever finds an id looks whether it still has the hash. */
typedef struct cs_content {
    cs_content_entry *entries; /* [size], a power of two: open addressing */
    size_t count, size;
} cs_content;

void cs_content_clear(cs_content *content);

/* Notes that photograph `id`, which is not 0, has this hash. Zero where memory is short. */
int cs_content_add(cs_content *content, const uint8_t hash[32], int64_t id);

/* Where the search for a hash begins, and the next id from there; 0: no more. */
size_t cs_content_start(const cs_content *content, const uint8_t hash[32]);
int64_t cs_content_next(const cs_content *content, const uint8_t hash[32], size_t *at);

#endif

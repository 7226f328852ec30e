/* Files that are damaged before they are parsed. */
#ifndef CS_TESTS_DAMAGE_H
#define CS_TESTS_DAMAGE_H

#include <stdlib.h>
#include <string.h>

#include "support/data_files.h"
#include "support/random.h"

/* Parses, checks what came of it, and releases that. */
typedef cs_status parse_fn(const void *bytes, size_t size);

/* From a block of exactly its size, so that AddressSanitizer sees any step outside. */
static inline cs_status parse_exactly(parse_fn *parse, const void *bytes, size_t size) {
    void *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    cs_status status = parse(copy, size);
    free(copy);
    return status;
}

/* Parses 20,000 copies, each with one to four bytes changed at random. Returns how many of them were refused. */
static inline int parse_damaged(parse_fn *parse, const void *bytes, size_t size) {
    uint32_t seed = 2463534242u;
    int refused = 0;
    uint8_t *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 20000; round++) {
        memcpy(damaged, bytes, size);
        for (uint32_t changes = 1 + next_random(&seed) % 4; changes > 0; changes--) {
            size_t at = next_random(&seed) % size;
            damaged[at] = (uint8_t)next_random(&seed);
        }
        refused += parse_exactly(parse, damaged, size) != CS_OK;
    }
    free(damaged);
    return refused;
}

#endif

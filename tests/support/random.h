/* Numbers that look random. */
#ifndef CS_TESTS_RANDOM_H
#define CS_TESTS_RANDOM_H

#include <stdint.h>

/* The next of a fixed series (xorshift), the same everywhere, so that a failure comes again. */
static inline uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

#endif

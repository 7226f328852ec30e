/* Numbers and vectors that follow from a seed alone. */
#ifndef CS_TESTS_STORE_MADE_UP_H
#define CS_TESTS_STORE_MADE_UP_H

#include <math.h>
#include <stdint.h>

/* The upper half of Knuth's linear congruential generator for MMIX; the lower one is less like chance. */
static inline uint32_t next_bits(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* A number in [-1, 1). */
static inline float next_number(uint64_t *state) {
    return (float)((double)(next_bits(state) >> 8) / (double)(1 << 23) - 1.0);
}

/* The unit vector [dim] number `seed`. */
static inline void make_vector(uint64_t seed, int dim, float *vector) {
    uint64_t state = seed * 2654435761u + 12345u;
    double length = 0;
    for (int i = 0; i < dim; i++) {
        vector[i] = next_number(&state);
        length += (double)vector[i] * vector[i];
    }
    for (int i = 0; i < dim; i++)
        vector[i] = (float)(vector[i] / sqrt(length));
}

#endif

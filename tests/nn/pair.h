/* Both backends, opened side by side, and inputs for them. */
#ifndef CS_TESTS_NN_PAIR_H
#define CS_TESTS_NN_PAIR_H

#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nn/nn.h"
#include "support/worst.h"

typedef struct pair {
    cs_nn *slow, *fast;
} pair;

static uint32_t seed = 1;

/* Uniform in [-1, 1). */
static inline float noise(void) {
    seed = seed * 1664525u + 1013904223u;
    return (float)(seed >> 8) / 8388608.0f - 1.0f;
}

static inline float *noises(size_t count) {
    float *x = aligned_alloc(64, (count * sizeof *x / 64 + 1) * 64);
    for (size_t i = 0; i < count; i++)
        x[i] = noise();
    return x;
}

static inline float *copy_of(const float *x, size_t count) {
    float *y = noises(count);
    memcpy(y, x, count * sizeof *x);
    return y;
}

/* Largest difference, relative to the largest value. */
static inline double difference(const float *a, const float *b, size_t count) {
    double largest = 0, off = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmax(largest, fabs(a[i]));
        off = worse(off, fabs((double)a[i] - b[i]));
    }
    return off / fmax(largest, 1e-6);
}

#define assert_close(a, b, count)                                                                                      \
    do {                                                                                                               \
        double off_ = difference(a, b, count);                                                                         \
        if (!(off_ < 3e-6)) fail_msg("results differ by %g of the largest value", off_);                               \
    } while (0)

/* NULL where the processor lacks the precision. */
static inline pair *open_pair(cs_precision precision) {
    cs_error error;
    pair *both = calloc(1, sizeof *both);
    if (cs_nn_onednn.open(2, precision, &both->fast, &error) != CS_OK) {
        assert_int_equal(error.code, CS_ERR_UNSUPPORTED);
        free(both);
        return NULL;
    }
    assert_ok(cs_nn_reference.open(1, precision, &both->slow, &error));
    return both;
}

static inline int open_both(void **state) {
    *state = open_pair(CS_PRECISION_FP32);
    return *state ? 0 : -1;
}

static inline int close_both(void **state) {
    pair *both = *state;
    cs_nn_reference.close(both->slow);
    cs_nn_onednn.close(both->fast);
    free(both);
    return 0;
}

#endif

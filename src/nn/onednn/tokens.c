/* Maps become sequences of tokens and back. These only move numbers, so memory sets their speed. */
#include <string.h>

#include "base/simd.h"
#include "nn/onednn/onednn.h"

CS_CLONES static void add_rows(int width, const float *a, const float *b, float *y) {
    for (int i = 0; i < width; i++)
        y[i] = a[i] + b[i];
}

cs_status cs_cpu_assemble(cs_nn *nn, int n, int count, int width, const float *cells, const float *first,
                          int per_sequence, const float *positions, float *y, cs_error *error) {
    (void)error;
    size_t row = (size_t)width, tokens = (size_t)count + 1;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int i = 0; i < n; i++) {
        float *out = y + (size_t)i * tokens * row;
        add_rows(width, first + (per_sequence ? (size_t)i * row : 0), positions, out);
        for (size_t t = 1; t < tokens; t++)
            add_rows(width, cells + ((size_t)i * (size_t)count + t - 1) * row, positions + t * row, out + t * row);
    }
    return CS_OK;
}

cs_status cs_cpu_take_first(cs_nn *nn, int n, int tokens, int width, const float *x, float *y, cs_error *error) {
    (void)nn, (void)error;
    for (int i = 0; i < n; i++)
        memcpy(y + (size_t)i * (size_t)width, x + (size_t)i * (size_t)tokens * (size_t)width,
               (size_t)width * sizeof *y);
    return CS_OK;
}

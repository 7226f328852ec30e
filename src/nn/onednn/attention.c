/* Multi-head attention, a head at a time. The keys of a head are transposed once, so that the scores of a query grow by
 * whole rows; only a few rows of scores exist at any moment, never the matrix [tokens, tokens]. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"
#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

/* y += a * x */
CS_CLONES static void add_scaled(int count, float a, const float *x, float *y) {
    for (int i = 0; i < count; i++)
        y[i] += a * x[i];
}

CS_CLONES static float exponentiate(int count, float highest, float *x) {
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < count; i++) {
        x[i] = cs_exp_negative(x[i] - highest);
        sum += x[i];
    }
    return sum;
}

/* keys: one head of every token; transposed: [head_width, tokens]. */
static void transpose_keys(const float *keys, size_t token_stride, int tokens, int head_width, float *transposed) {
    for (int t = 0; t < tokens; t++)
        for (int i = 0; i < head_width; i++)
            transposed[(size_t)i * (size_t)tokens + (size_t)t] = keys[(size_t)t * token_stride + (size_t)i];
}

/* One query against the first `seen` tokens. scores: room for [tokens]. */
static void attend(const float *query, const float *transposed, const float *values, size_t token_stride,
                   const cs_attention_size *size, int seen, float *scores, float *out) {
    float scale = 1.0f / sqrtf((float)size->head_width), highest;
    memset(scores, 0, (size_t)seen * sizeof *scores);
    for (int i = 0; i < size->head_width; i++)
        add_scaled(seen, query[i] * scale, transposed + (size_t)i * (size_t)size->tokens, scores);
    highest = scores[0];
    for (int t = 1; t < seen; t++)
        highest = scores[t] > highest ? scores[t] : highest;
    float sum = exponentiate(seen, highest, scores);
    memset(out, 0, (size_t)size->head_width * sizeof *out);
    for (int t = 0; t < seen; t++)
        add_scaled(size->head_width, scores[t] / sum, values + (size_t)t * token_stride, out);
}

/* All queries of one head of one sequence. scratch: [(head_width + 1) * tokens]. */
static void attend_head(const cs_attention_size *size, const float *qkv, float *out, int n, int head, float *scratch) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, stride = 3 * width;
    size_t first = (size_t)n * (size_t)size->tokens, offset = (size_t)head * (size_t)size->head_width;
    const float *queries = qkv + first * stride + offset;
    float *transposed = scratch, *scores = scratch + (size_t)size->head_width * (size_t)size->tokens;
    transpose_keys(queries + width, stride, size->tokens, size->head_width, transposed);
    for (int t = 0; t < size->tokens; t++)
        attend(queries + (size_t)t * stride, transposed, queries + 2 * width, stride, size,
               size->causal ? t + 1 : size->tokens, scores, out + (first + (size_t)t) * width + offset);
}

cs_status cs_cpu_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error) {
    size_t per_thread = ((size_t)size->head_width + 1) * (size_t)size->tokens;
    float *scratch = cs_alloc_aligned((size_t)nn->threads * per_thread, sizeof *scratch);
    if (!scratch) return cs_fail_memory(error, "attention");
#pragma omp parallel for collapse(2) num_threads(nn->threads) schedule(static)
    for (int n = 0; n < size->n; n++)
        for (int head = 0; head < size->heads; head++)
            attend_head(size, qkv, out, n, head, scratch + (size_t)omp_get_thread_num() * per_thread);
    free(scratch);
    return CS_OK;
}

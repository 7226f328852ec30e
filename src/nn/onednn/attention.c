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

/* Where a head's vectors lie. */
typedef struct head_view {
    const float *queries, *keys, *values; /* of the first token */
    size_t stride;                        /* floats from token to token */
    const float *bias;                    /* [tokens, tokens] or NULL */
} head_view;

/* Query t against the first `seen` tokens. scores: room for [tokens]. */
static void attend(const head_view *head, const float *transposed, const cs_attention_size *size, int t, int seen,
                   float *scores, float *out) {
    const float *query = head->queries + (size_t)t * head->stride;
    float scale = 1.0f / sqrtf((float)size->head_width), highest;
    if (head->bias) {
        memcpy(scores, head->bias + (size_t)t * (size_t)size->tokens, (size_t)seen * sizeof *scores);
    } else {
        memset(scores, 0, (size_t)seen * sizeof *scores);
    }
    for (int i = 0; i < size->head_width; i++)
        add_scaled(seen, query[i] * scale, transposed + (size_t)i * (size_t)size->tokens, scores);
    highest = scores[0];
    for (int s = 1; s < seen; s++)
        highest = scores[s] > highest ? scores[s] : highest;
    float sum = exponentiate(seen, highest, scores);
    memset(out, 0, (size_t)size->head_width * sizeof *out);
    for (int s = 0; s < seen; s++)
        add_scaled(size->head_width, scores[s] / sum, head->values + (size_t)s * head->stride, out);
}

/* All queries of one head of one sequence. out: this head's values of the first token; scratch: [(head_width + 1) *
 * tokens]. */
static void attend_head(const head_view *head, const cs_attention_size *size, float *out, float *scratch) {
    float *transposed = scratch, *scores = scratch + (size_t)size->head_width * (size_t)size->tokens;
    transpose_keys(head->keys, head->stride, size->tokens, size->head_width, transposed);
    for (int t = 0; t < size->tokens; t++)
        attend(head, transposed, size, t, size->causal ? t + 1 : size->tokens, scores,
               out + (size_t)t * (head->stride / 3));
}

cs_status cs_cpu_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                 const float *qkv, float *out, cs_error *error) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, tokens = (size_t)size->tokens;
    size_t per_thread = ((size_t)size->head_width + 1) * tokens;
    float *scratch = cs_alloc_aligned((size_t)nn->threads * per_thread, sizeof *scratch);
    if (!scratch) return cs_fail_memory(error, "attention");
#pragma omp parallel for collapse(2) num_threads(nn->threads) schedule(static)
    for (int n = 0; n < size->n; n++) {
        for (int h = 0; h < size->heads; h++) {
            size_t offset = (size_t)h * (size_t)size->head_width;
            const float *first = qkv + (size_t)n * tokens * 3 * width + offset;
            const head_view head = {first + (pairing == CS_PAIR_KEY_KEY ? width : 0),
                                    first + (pairing == CS_PAIR_QUERY_QUERY ? 0 : width), first + 2 * width, 3 * width,
                                    bias};
            attend_head(&head, size, out + (size_t)n * tokens * width + offset,
                        scratch + (size_t)omp_get_thread_num() * per_thread);
        }
    }
    free(scratch);
    return CS_OK;
}

cs_status cs_cpu_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error) {
    return cs_cpu_attention_pairs(nn, size, CS_PAIR_QUERY_KEY, NULL, qkv, out, error);
}

/* Multi-head attention, a head at a time; only a few rows of scores exist at any moment, never the matrix [tokens,
 * tokens]. Short sequences: a query at a time, the keys transposed once, so that its scores grow by whole rows. Long
 * ones (dense maps): a block of queries at a time, by two matrix products. */
#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"
#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

/* Tokens from which on products are faster (three times at 1,177), and queries in one product. */
enum { LONG_SEQUENCE = 48, QUERY_BLOCK = 64 };

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

/* Scores of some queries become weights. bias: that of the first of them, or NULL. */
CS_CLONES static void weigh_rows(int rows, int tokens, const float *bias, float *scores) {
    for (int r = 0; r < rows; r++) {
        float *row = scores + (size_t)r * (size_t)tokens, highest = -INFINITY;
        const float *added = bias ? bias + (size_t)r * (size_t)tokens : NULL;
        for (int t = 0; added && t < tokens; t++)
            row[t] += added[t];
#pragma omp simd reduction(max : highest)
        for (int t = 0; t < tokens; t++)
            highest = row[t] > highest ? row[t] : highest;
        float scale = 1.0f / exponentiate(tokens, highest, row);
        for (int t = 0; t < tokens; t++)
            row[t] *= scale;
    }
}

/* The same by products, QUERY_BLOCK queries at a time. scratch: [QUERY_BLOCK, tokens]. */
static dnnl_status_t attend_head_in_blocks(const head_view *head, const cs_attention_size *size, float *out,
                                           float *scratch) {
    const dnnl_dim_t tokens = size->tokens, width = size->head_width, stride = (dnnl_dim_t)head->stride;
    const float scale = 1.0f / sqrtf((float)size->head_width);
    for (dnnl_dim_t first = 0; first < tokens; first += QUERY_BLOCK) {
        dnnl_dim_t rows = tokens - first < QUERY_BLOCK ? tokens - first : QUERY_BLOCK;
        dnnl_status_t status = dnnl_sgemm('N', 'T', rows, tokens, width, scale, head->queries + first * stride, stride,
                                          head->keys, stride, 0, scratch, tokens);
        if (status != dnnl_success) return status;
        weigh_rows((int)rows, size->tokens, head->bias ? head->bias + first * tokens : NULL, scratch);
        status = dnnl_sgemm('N', 'N', rows, width, tokens, 1, scratch, tokens, head->values, stride, 0,
                            out + first * (stride / 3), stride / 3);
        if (status != dnnl_success) return status;
    }
    return dnnl_success;
}

static int is_long(const cs_attention_size *size) {
    return !size->causal && size->tokens >= LONG_SEQUENCE;
}

static size_t scratch_size(const cs_attention_size *size) {
    return (is_long(size) ? QUERY_BLOCK : (size_t)size->head_width + 1) * (size_t)size->tokens;
}

/* Head number `index` of all heads of all sequences. */
static dnnl_status_t run_head(const cs_attention_size *size, cs_pairing pairing, const float *bias, const float *qkv,
                              int index, float *out, float *scratch) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, tokens = (size_t)size->tokens;
    size_t n = (size_t)(index / size->heads), offset = (size_t)(index % size->heads) * (size_t)size->head_width;
    const float *first = qkv + n * tokens * 3 * width + offset;
    const head_view head = {first + (pairing == CS_PAIR_KEY_KEY ? width : 0),
                            first + (pairing == CS_PAIR_QUERY_QUERY ? 0 : width), first + 2 * width, 3 * width, bias};
    float *result = out + n * tokens * width + offset;
    if (is_long(size)) return attend_head_in_blocks(&head, size, result, scratch);
    attend_head(&head, size, result, scratch);
    return dnnl_success;
}

cs_status cs_cpu_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                 const float *qkv, float *out, cs_error *error) {
    size_t per_thread = scratch_size(size);
    float *scratch = cs_alloc_aligned((size_t)nn->threads * per_thread, sizeof *scratch);
    if (!scratch) return cs_fail_memory(error, "attention");
    int failed = dnnl_success;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int i = 0; i < size->n * size->heads; i++) {
        dnnl_status_t status =
            run_head(size, pairing, bias, qkv, i, out, scratch + (size_t)omp_get_thread_num() * per_thread);
        if (status != dnnl_success) {
#pragma omp atomic write
            failed = (int)status;
        }
    }
    free(scratch);
    return failed == dnnl_success ? CS_OK : cs_onednn_fail(error, (dnnl_status_t)failed, "attention");
}

cs_status cs_cpu_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error) {
    return cs_cpu_attention_pairs(nn, size, CS_PAIR_QUERY_KEY, NULL, qkv, out, error);
}

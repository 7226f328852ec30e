/* Multi-head attention as its definition reads. Source: Vaswani et al., "Attention Is All You Need" (2017). */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/macs.h"
#include "nn/reference/reference.h"

/* Where a head's vectors lie, and what they see. */
typedef struct head_view {
    const float *queries, *keys, *values; /* of the first token */
    size_t stride;                        /* floats from token to token */
    int head_width;
} head_view;

/* Query t against the `seen` first tokens. bias: [seen] or NULL. */
static void attend(const head_view *head, int t, int seen, const float *bias, float *weights, float *out) {
    const float *query = head->queries + (size_t)t * head->stride;
    float scale = 1.0f / sqrtf((float)head->head_width);
    for (int s = 0; s < seen; s++) {
        double dot = 0;
        for (int i = 0; i < head->head_width; i++)
            dot += (double)query[i] * head->keys[(size_t)s * head->stride + (size_t)i];
        weights[s] = (float)dot * scale + (bias ? bias[s] : 0);
    }
    cs_reference_softmax(NULL, 1, seen, weights, NULL);
    for (int i = 0; i < head->head_width; i++) {
        double sum = 0;
        for (int s = 0; s < seen; s++)
            sum += (double)weights[s] * head->values[(size_t)s * head->stride + (size_t)i];
        out[i] = (float)sum;
    }
}

cs_status cs_reference_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                       const float *qkv, float *out, cs_error *error) {
    nn->macs += cs_attention_macs(size);
    size_t tokens = (size_t)size->tokens, width = (size_t)size->heads * (size_t)size->head_width;
    size_t queries = size->queries > 0 ? (size_t)size->queries : tokens;
    float *weights = cs_alloc(tokens, sizeof *weights);
    if (!weights) return cs_fail_memory(error, "attention weights");
    for (int n = 0; n < size->n; n++) {
        for (int h = 0; h < size->heads; h++) {
            size_t offset = (size_t)h * (size_t)size->head_width;
            const float *first = qkv + (size_t)n * tokens * 3 * width + offset;
            const head_view head = {first + (pairing == CS_PAIR_KEY_KEY ? width : 0),
                                    first + (pairing == CS_PAIR_QUERY_QUERY ? 0 : width), first + 2 * width, 3 * width,
                                    size->head_width};
            for (size_t t = 0; t < queries; t++)
                attend(&head, (int)t, size->causal ? (int)t + 1 : size->tokens, bias ? bias + t * tokens : NULL,
                       weights, out + ((size_t)n * queries + t) * width + offset);
        }
    }
    free(weights);
    return CS_OK;
}

cs_status cs_reference_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out,
                                 cs_error *error) {
    return cs_reference_attention_pairs(nn, size, CS_PAIR_QUERY_KEY, NULL, qkv, out, error);
}

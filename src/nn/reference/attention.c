/* Multi-head attention as its definition reads. Source: Vaswani et al., "Attention Is All You Need" (2017). */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/reference/reference.h"

/* One query of one head against the `seen` first tokens. token_stride: floats from token to token in qkv. */
static void attend(const float *query, const float *keys, const float *values, size_t token_stride, int seen,
                   int head_width, float *weights, float *out) {
    float scale = 1.0f / sqrtf((float)head_width);
    for (int t = 0; t < seen; t++) {
        double dot = 0;
        for (int i = 0; i < head_width; i++)
            dot += (double)query[i] * keys[(size_t)t * token_stride + (size_t)i];
        weights[t] = (float)dot * scale;
    }
    cs_reference_softmax(NULL, 1, seen, weights, NULL);
    for (int i = 0; i < head_width; i++) {
        double sum = 0;
        for (int t = 0; t < seen; t++)
            sum += (double)weights[t] * values[(size_t)t * token_stride + (size_t)i];
        out[i] = (float)sum;
    }
}

cs_status cs_reference_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out,
                                 cs_error *error) {
    (void)nn;
    size_t width = (size_t)size->heads * (size_t)size->head_width;
    float *weights = cs_alloc((size_t)size->tokens, sizeof *weights);
    if (!weights) return cs_fail_memory(error, "attention weights");
    for (int n = 0; n < size->n; n++) {
        const float *first = qkv + (size_t)n * (size_t)size->tokens * 3 * width;
        for (int t = 0; t < size->tokens; t++) {
            for (int h = 0; h < size->heads; h++) {
                const float *head = first + (size_t)h * (size_t)size->head_width;
                size_t row = (size_t)n * (size_t)size->tokens + (size_t)t;
                attend(head + (size_t)t * 3 * width, head + width, head + 2 * width, 3 * width,
                       size->causal ? t + 1 : size->tokens, size->head_width, weights,
                       out + row * width + (size_t)h * (size_t)size->head_width);
            }
        }
    }
    free(weights);
    return CS_OK;
}

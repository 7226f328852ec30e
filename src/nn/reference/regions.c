/* Attention of one query per region, as its definition reads. Source: Li et al., "Adapting CLIP For Phrase Localization
 * Without Further Training" (2022): a copy of the class token sees its region's patches and itself. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/reference/reference.h"

static double dot(const float *a, const float *b, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += (double)a[i] * b[i];
    return sum;
}

/* One head of one region. cells: this head's query of the first cell; own: that of the region; stride: floats from
 * token to token; weights: room for [count + 1]. */
static void attend(const cs_attention_size *size, const float *cells, const float *own, const float *mask,
                   float *weights, float *out) {
    size_t width = (size_t)size->heads * (size_t)size->head_width, stride = 3 * width;
    int count = size->tokens - 1, head_width = size->head_width;
    double scale = 1 / sqrt(head_width), highest = scale * dot(own, own + width, head_width), sum = 0;
    weights[count] = (float)highest;
    for (int c = 0; c < count; c++) {
        weights[c] = (float)(scale * dot(own, cells + (size_t)c * stride + width, head_width));
        if (mask[c] != 0) highest = fmax(highest, weights[c]);
    }
    for (int c = 0; c <= count; c++) {
        weights[c] = c == count || mask[c] != 0 ? (float)exp(weights[c] - highest) : 0;
        sum += weights[c];
    }
    for (int i = 0; i < head_width; i++) {
        double value = (double)weights[count] * own[2 * width + (size_t)i];
        for (int c = 0; c < count; c++)
            value += (double)weights[c] * cells[(size_t)c * stride + 2 * width + (size_t)i];
        out[i] = (float)(value / sum);
    }
}

cs_status cs_reference_attention_regions(cs_nn *nn, const cs_attention_size *size, int k, const float *qkv,
                                         const float *regions, const float *masks, float *out, cs_error *error) {
    (void)nn;
    size_t width = (size_t)size->heads * (size_t)size->head_width, cells = (size_t)size->tokens - 1;
    float *weights = cs_alloc(cells + 1, sizeof *weights);
    if (!weights) return cs_fail_memory(error, "attention weights");
    for (size_t r = 0; r < (size_t)k; r++) {
        for (size_t h = 0; h < (size_t)size->heads; h++) {
            size_t offset = h * (size_t)size->head_width;
            attend(size, qkv + 3 * width + offset, regions + r * 3 * width + offset, masks + r * cells, weights,
                   out + r * width + offset);
        }
    }
    free(weights);
    return CS_OK;
}

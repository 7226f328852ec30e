/* Multiply-adds of the operations that count (cs_nn_ops.macs). Padding is multiplied, too. */
#ifndef CS_NN_MACS_H
#define CS_NN_MACS_H

#include "nn/nn.h"

static inline double cs_linear_macs(int rows, int in, int out) {
    return (double)rows * in * out;
}

static inline double cs_conv_macs(const cs_conv_spec *spec, const cs_conv_size *size) {
    double cells = (double)size->n * size->out_height * size->out_width;
    return cells * spec->out * (spec->depthwise ? 1 : spec->in) * spec->kernel * spec->kernel;
}

/* Scores, and the values' sums. */
static inline double cs_attention_macs(const cs_attention_size *size) {
    double tokens = size->tokens, queries = size->queries > 0 ? size->queries : tokens;
    double seen = size->causal ? (queries + 1) / 2 : tokens;
    return 2.0 * size->n * queries * seen * size->heads * size->head_width;
}

static inline double cs_product_macs(const cs_product *size) {
    return (double)size->rows * size->inner * size->cols;
}

#endif

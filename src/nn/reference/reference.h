/* The plain C rendering of every operation: what the fast ones must compute. */
#ifndef CS_NN_REFERENCE_H
#define CS_NN_REFERENCE_H

#include "nn/nn.h"

struct cs_nn {
    cs_precision precision;
    double macs; /* executed so far */
};

/* In place, each of `out` rows of `count` weights. */
void cs_reference_narrow_weights(cs_precision precision, int out, size_t count, float *weight);

/* A copy of x with its values rounded, released with free(); NULL where memory ran out. */
float *cs_reference_narrow_inputs(cs_precision precision, size_t count, const float *x);

float cs_reference_activate(cs_activation activation, float x);

cs_status cs_reference_linear(cs_nn *nn, const cs_linear_spec *spec, const float *weight, const float *bias,
                              cs_layer **layer, cs_error *error);
cs_status cs_reference_conv(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias,
                            cs_layer **layer, cs_error *error);
void cs_reference_layer_free(cs_nn *nn, cs_layer *layer);
cs_status cs_reference_run_linear(cs_nn *nn, cs_layer *layer, int rows, const float *x, float *y, cs_error *error);
cs_status cs_reference_run_conv(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                                cs_error *error);
cs_status cs_reference_run_inverted(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x,
                                    float *y, cs_error *error);
cs_status cs_reference_layer_norm(cs_nn *nn, int rows, int width, float epsilon, const float *gain, const float *bias,
                                  const float *x, float *y, cs_error *error);
cs_status cs_reference_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out,
                                 cs_error *error);
cs_status cs_reference_softmax(cs_nn *nn, int rows, int width, float *x, cs_error *error);
cs_status cs_reference_global_mean(cs_nn *nn, int n, int height, int width, int channels, const float *x, float *y,
                                   cs_error *error);
cs_status cs_reference_mean_pool(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x,
                                 float *y, cs_error *error);
cs_status cs_reference_assemble(cs_nn *nn, int n, int count, int width, const float *cells, const float *first,
                                int per_sequence, const float *positions, float *y, cs_error *error);
cs_status cs_reference_take_first(cs_nn *nn, int n, int tokens, int width, const float *x, float *y, cs_error *error);
cs_status cs_reference_local_mean(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x,
                                  float *y, cs_error *error);
cs_status cs_reference_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                       const float *qkv, float *out, cs_error *error);
cs_status cs_reference_attention_regions(cs_nn *nn, const cs_attention_size *size, int k, const float *qkv,
                                         const float *regions, const float *masks, float *out, cs_error *error);
cs_status cs_reference_product(cs_nn *nn, const cs_product *size, const float *a, const float *b, float *y,
                               cs_error *error);
cs_status cs_reference_blend(cs_nn *nn, const cs_blend *size, const float *x, float *y, cs_error *error);
cs_status cs_reference_unit_rows(cs_nn *nn, int rows, int width, float *x, cs_error *error);
cs_status cs_reference_take(cs_nn *nn, int rows, int stride, int first, int width, const float *x, float *y,
                            cs_error *error);

#endif

/* The fast CPU backend: matrix products and convolutions by oneDNN, what oneDNN lacks by kernels of our own.
 *
 * Every call into oneDNN's API (which differs between its major versions) stays in this folder. oneDNN 2.6 or newer of
 * the 2.x line. */
#ifndef CS_NN_ONEDNN_H
#define CS_NN_ONEDNN_H

#include <dnnl.h>

#include "nn/nn.h"

struct cs_nn {
    int threads;
    cs_precision precision;
    int has_bf16; /* the processor has */
    double macs;  /* executed so far */
    void *narrow; /* inputs of the layer that runs, in less than f32; grows, as the next */
    size_t narrow_size;
    void *block; /* what is between the layers of an inverted residual block */
    size_t block_size;
    dnnl_engine_t engine;
    dnnl_stream_t stream;
};

/* oneDNN takes its thread count from OpenMP's per-thread setting, when a primitive is made and when it runs. Every
 * operation sets it, and puts the caller's back. */
int cs_onednn_enter(const cs_nn *nn);
void cs_onednn_leave(int saved_threads);

/* Makes *memory at least `size` bytes large; what it held is lost. */
cs_status cs_onednn_reserve(void **memory, size_t *have, size_t size, cs_error *error);

/* Turns a failed oneDNN call into an error that names what was attempted. */
cs_status cs_onednn_fail(cs_error *error, dnnl_status_t status, const char *what);

cs_status cs_onednn_linear(cs_nn *nn, const cs_linear_spec *spec, const float *weight, const float *bias,
                           cs_layer **layer, cs_error *error);
cs_status cs_onednn_conv(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias, cs_layer **layer,
                         cs_error *error);
void cs_onednn_layer_free(cs_nn *nn, cs_layer *layer);
cs_status cs_onednn_run_linear(cs_nn *nn, cs_layer *layer, int rows, const float *x, float *y, cs_error *error);
cs_status cs_onednn_run_conv(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                             cs_error *error);

cs_status cs_onednn_run_inverted(cs_nn *nn, const cs_inverted *block, const cs_conv_size *size, const float *x,
                                 float *y, cs_error *error);

/* Name of the implementation that oneDNN chose for the layer's latest run ("brgconv_1x1:avx512_core"). */
const char *cs_onednn_implementation(const cs_layer *layer);

cs_status cs_cpu_layer_norm(cs_nn *nn, int rows, int width, float epsilon, const float *gain, const float *bias,
                            const float *x, float *y, cs_error *error);
cs_status cs_cpu_attention(cs_nn *nn, const cs_attention_size *size, const float *qkv, float *out, cs_error *error);
cs_status cs_cpu_softmax(cs_nn *nn, int rows, int width, float *x, cs_error *error);
cs_status cs_cpu_global_mean(cs_nn *nn, int n, int height, int width, int channels, const float *x, float *y,
                             cs_error *error);
cs_status cs_cpu_mean_pool(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                           cs_error *error);
cs_status cs_cpu_assemble(cs_nn *nn, int n, int count, int width, const float *cells, const float *first,
                          int per_sequence, const float *positions, float *y, cs_error *error);
cs_status cs_cpu_take_first(cs_nn *nn, int n, int tokens, int width, const float *x, float *y, cs_error *error);
cs_status cs_cpu_local_mean(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                            cs_error *error);
cs_status cs_cpu_attention_pairs(cs_nn *nn, const cs_attention_size *size, cs_pairing pairing, const float *bias,
                                 const float *qkv, float *out, cs_error *error);
cs_status cs_cpu_attention_regions(cs_nn *nn, const cs_attention_size *size, int k, const float *qkv,
                                   const float *regions, const float *masks, float *out, cs_error *error);
cs_status cs_cpu_product(cs_nn *nn, const cs_product *size, const float *a, const float *b, float *y, cs_error *error);
cs_status cs_cpu_blend(cs_nn *nn, const cs_blend *size, const float *x, float *y, cs_error *error);
cs_status cs_cpu_unit_rows(cs_nn *nn, int rows, int width, float *x, cs_error *error);
cs_status cs_cpu_take(cs_nn *nn, int rows, int stride, int first, int width, const float *x, float *y, cs_error *error);

#endif

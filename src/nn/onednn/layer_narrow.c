/* Layers in less than f32: their weights, and what has to be done before each run. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/narrow.h"
#include "nn/onednn/layer.h"
#include "nn/onednn/narrow.h"

dnnl_data_type_t cs_layer_type(const cs_layer *layer) {
    if (layer->int8) return dnnl_s8;
    return layer->precision == CS_PRECISION_BF16 ? dnnl_bf16 : dnnl_f32;
}

void cs_int8_free(cs_int8_weights *weights) {
    if (!weights) return;
    if (weights->scales_memory) dnnl_memory_destroy(weights->scales_memory);
    if (weights->bias_memory) dnnl_memory_destroy(weights->bias_memory);
    free(weights->steps);
    free(weights->whole);
    free(weights->scales);
    free(weights->bias_units);
    free(weights->bias);
    free(weights);
}

/* One output's weights to whole numbers, `stride` apart; returns their step. */
static float quantise_output(const float *weight, size_t count, int8_t *whole, size_t stride) {
    float largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = fabsf(weight[i]) > largest ? fabsf(weight[i]) : largest;
    float step = cs_int8_step(largest);
    for (size_t i = 0; i < count; i++)
        whole[i * stride] = (int8_t)cs_int8_whole(weight[i], 1 / step);
    return step;
}

static dnnl_status_t make_run_memory(cs_nn *nn, int out, cs_int8_weights *weights) {
    dnnl_dims_t shape = {out};
    dnnl_memory_desc_t layout;
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&layout, 1, shape, dnnl_f32, dnnl_x);
    if (status == dnnl_success)
        status = dnnl_memory_create(&weights->scales_memory, &layout, nn->engine, weights->scales);
    if (status == dnnl_success)
        status = dnnl_memory_create(&weights->bias_memory, &layout, nn->engine, weights->bias_units);
    return status;
}

static cs_status fill_int8(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias,
                           cs_int8_weights *weights, cs_error *error) {
    size_t out = (size_t)spec->out, in = (size_t)spec->in;
    weights->steps = cs_alloc(out, sizeof(float));
    weights->whole = cs_alloc(out * in, 1);
    weights->scales = cs_alloc_aligned(out, sizeof(float));
    weights->bias_units = cs_alloc_aligned(out, sizeof(float));
    weights->bias = cs_alloc_zero(out, sizeof(float));
    if (!weights->steps || !weights->whole || !weights->scales || !weights->bias_units || !weights->bias)
        return cs_fail_memory(error, "the weights of a layer");
    for (size_t o = 0; o < out; o++)
        weights->steps[o] = quantise_output(weight + o * in, in, weights->whole + o, out);
    if (bias) memcpy(weights->bias, bias, out * sizeof *bias);
    dnnl_status_t status = make_run_memory(nn, spec->out, weights);
    return status == dnnl_success ? CS_OK : cs_onednn_fail(error, status, "the weights of a layer");
}

cs_status cs_int8_create(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias,
                         cs_int8_weights **made, cs_error *error) {
    cs_int8_weights *weights = cs_alloc_zero(1, sizeof *weights);
    if (!weights) return cs_fail_memory(error, "the weights of a layer");
    cs_status status = fill_int8(nn, spec, weight, bias, weights, error);
    if (status != CS_OK) {
        cs_int8_free(weights);
        return status;
    }
    *made = weights;
    return CS_OK;
}

void cs_int8_plain(const cs_layer *layer, int8_t *plain) {
    size_t out = (size_t)layer->spec.out, in = (size_t)layer->spec.in;
    for (size_t o = 0; o < out; o++)
        for (size_t i = 0; i < in; i++)
            plain[o * in + i] = layer->int8->whole[i * out + o];
}

/* Rows of a layer's inputs [rows, in]. */
static size_t input_rows(const cs_layer *layer, const cs_conv_size *size) {
    if (layer->is_linear) return (size_t)size->n;
    return (size_t)size->n * (size_t)size->height * (size_t)size->width;
}

static cs_status run_bf16(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                          cs_error *error) {
    size_t count = input_rows(layer, size) * (size_t)layer->spec.in;
    const cs_plan_key key = {*size, layer->spec.accumulate, 0};
    cs_plan *plan;
    cs_status status = cs_onednn_reserve(&nn->narrow, &nn->narrow_size, count * sizeof(uint16_t), error);
    if (status == CS_OK) status = cs_layer_plan(nn, layer, &key, &plan, error);
    if (status != CS_OK) return status;
    cs_cpu_to_bf16(nn, count, x, nn->narrow);
    return cs_layer_execute(nn, layer, plan, nn->narrow, y, error);
}

/* Sets what the product's units are in this run, and the bias in such units. */
static void set_units(cs_layer *layer, float step) {
    cs_int8_weights *weights = layer->int8;
    for (int o = 0; o < layer->spec.out; o++) {
        weights->scales[o] = step * weights->steps[o];
        weights->bias_units[o] = weights->bias[o] / weights->scales[o];
    }
}

static cs_status run_int8(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                          cs_error *error) {
    const cs_int8_weights *weights = layer->int8;
    size_t rows = input_rows(layer, size), width = (size_t)layer->spec.in, out = (size_t)layer->spec.out;
    int any, adds = layer->spec.accumulate;
    cs_status status = cs_onednn_reserve(&nn->narrow, &nn->narrow_size, rows * width + rows, error);
    if (status != CS_OK) return status;
    uint8_t *far = (uint8_t *)nn->narrow + rows * width;
    float step = cs_cpu_to_int8(nn, (int)rows, (int)width, x, nn->narrow, far, &any);
    set_units(layer, step);
    if (any) {
        const cs_split split = {(int)rows, (int)width, (int)out, step, far, weights->whole, weights->steps};
        if (!adds) memset(y, 0, rows * out * sizeof *y);
        cs_cpu_add_split(nn, &split, x, y);
        adds = 1;
    }
    const cs_plan_key key = {*size, adds, 0};
    cs_plan *plan;
    status = cs_layer_plan(nn, layer, &key, &plan, error);
    return status == CS_OK ? cs_layer_execute(nn, layer, plan, nn->narrow, y, error) : status;
}

cs_status cs_layer_run_narrow(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                              cs_error *error) {
    return layer->int8 ? run_int8(nn, layer, size, x, y, error) : run_bf16(nn, layer, size, x, y, error);
}

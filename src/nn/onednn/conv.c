/* Convolutions over [n, height, width, channels] by oneDNN. */
#include <stddef.h>

#include "base/error.h"
#include "nn/narrow.h"
#include "nn/onednn/layer.h"

/* Shape of the weights; depthwise ones have a leading dimension of groups. Returns the number of dimensions. */
static int weight_shape(const cs_conv_spec *spec, dnnl_dims_t shape) {
    int at = 0;
    if (spec->depthwise) {
        shape[at++] = spec->out;
        shape[at++] = 1;
        shape[at++] = 1;
    } else {
        shape[at++] = spec->out;
        shape[at++] = spec->in;
    }
    shape[at++] = spec->kernel;
    shape[at++] = spec->kernel;
    return at;
}

/* Padding behind the last row or column; where the last cells are not needed it would be negative. */
static int padding_behind(int in, int out, int before, int kernel, int stride, int dilation) {
    int behind = (out - 1) * stride + (kernel - 1) * dilation + 1 - in - before;
    return behind > 0 ? behind : 0;
}

static dnnl_status_t describe(cs_nn *nn, const cs_layer *layer, const cs_conv_size *size,
                              dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t *description) {
    const cs_conv_spec *spec = &layer->spec;
    dnnl_dims_t source_shape = {size->n, spec->in, size->height, size->width}, weights_shape;
    dnnl_dims_t bias_shape = {spec->out}, target_shape = {size->n, spec->out, size->out_height, size->out_width};
    dnnl_memory_desc_t source, weight, bias, target;
    dnnl_memory_desc_init_by_tag(&source, 4, source_shape, cs_layer_type(layer), dnnl_nhwc);
    dnnl_memory_desc_init_by_tag(&weight, weight_shape(spec, weights_shape), weights_shape, cs_layer_type(layer),
                                 dnnl_format_tag_any);
    dnnl_memory_desc_init_by_tag(&bias, 1, bias_shape, dnnl_f32, dnnl_x);
    dnnl_memory_desc_init_by_tag(&target, 4, target_shape, dnnl_f32, dnnl_nhwc);
    dnnl_dims_t strides = {size->stride, size->stride}, dilates = {size->dilation - 1, size->dilation - 1};
    dnnl_dims_t before = {size->pad_top, size->pad_left};
    dnnl_dims_t behind = {
        padding_behind(size->height, size->out_height, size->pad_top, spec->kernel, size->stride, size->dilation),
        padding_behind(size->width, size->out_width, size->pad_left, spec->kernel, size->stride, size->dilation)};
    dnnl_convolution_desc_t operation;
    dnnl_status_t status =
        dnnl_dilated_convolution_forward_desc_init(&operation, dnnl_forward_inference, dnnl_convolution_direct, &source,
                                                   &weight, &bias, &target, strides, dilates, before, behind);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(description, &operation, attributes, nn->engine, NULL);
}

cs_status cs_onednn_conv(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias, cs_layer **layer,
                         cs_error *error) {
    int is_int8 = cs_tolerated(nn->precision, spec->tolerance) == CS_PRECISION_INT8;
    if (is_int8 && spec->kernel == 1 && !spec->depthwise) {
        const cs_linear_spec cells = {spec->in, spec->out, spec->activation, spec->accumulate, spec->tolerance};
        return cs_onednn_linear(nn, &cells, weight, bias, layer, error);
    }
    dnnl_dims_t shape;
    int dims = weight_shape(spec, shape);
    dnnl_memory_desc_t plain;
    dnnl_status_t status =
        dnnl_memory_desc_init_by_tag(&plain, dims, shape, dnnl_f32, spec->depthwise ? dnnl_abcde : dnnl_abcd);
    if (status != dnnl_success) return cs_onednn_fail(error, status, "a convolution");
    cs_status made = cs_layer_create(nn, spec, describe, &plain, weight, bias, layer, error);
    if (made != CS_OK) return made;
    made = cs_layer_own(nn, *layer, weight, error);
    if (made == CS_OK) return CS_OK;
    cs_onednn_layer_free(nn, *layer);
    *layer = NULL;
    return made;
}

/* With a kernel of 1 every cell is a row of its own. */
static cs_status run_cells(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                           cs_error *error) {
    if (size->stride != 1)
        return cs_fail(error, CS_ERR_INTERNAL, "a convolution of kernel 1 and stride %d in int8", size->stride);
    return cs_onednn_run_linear(nn, layer, size->n * size->height * size->width, x, y, error);
}

cs_status cs_onednn_run_conv(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                             cs_error *error) {
    if (layer->int8) return run_cells(nn, layer, size, x, y, error);
    return cs_layer_run(nn, layer, size, x, y, error);
}

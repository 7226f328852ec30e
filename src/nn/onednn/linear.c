/* Linear layers as oneDNN inner products. */
#include "base/error.h"
#include "nn/onednn/layer.h"

static dnnl_status_t describe(cs_nn *nn, const cs_layer *layer, const cs_conv_size *size,
                              dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t *description) {
    dnnl_dims_t source_shape = {size->n, layer->spec.in}, weight_shape = {layer->spec.out, layer->spec.in};
    dnnl_dims_t bias_shape = {layer->spec.out}, target_shape = {size->n, layer->spec.out};
    dnnl_memory_desc_t source, weight, bias, target;
    dnnl_memory_desc_init_by_tag(&source, 2, source_shape, cs_layer_type(layer), dnnl_ab);
    dnnl_memory_desc_init_by_tag(&weight, 2, weight_shape, cs_layer_type(layer), dnnl_format_tag_any);
    dnnl_memory_desc_init_by_tag(&bias, 1, bias_shape, dnnl_f32, dnnl_x);
    dnnl_memory_desc_init_by_tag(&target, 2, target_shape, dnnl_f32, dnnl_ab);
    dnnl_inner_product_desc_t operation;
    dnnl_status_t status =
        dnnl_inner_product_forward_desc_init(&operation, dnnl_forward_inference, &source, &weight, &bias, &target);
    if (status != dnnl_success) return status;
    return dnnl_primitive_desc_create(description, &operation, attributes, nn->engine, NULL);
}

/* Packs the weights at once, for a usual number of rows: a model that is loaded but has not run yet would otherwise
 * hold them in plain layout, and twice while they are packed one layer after the other. */
static cs_status pack_now(cs_nn *nn, cs_layer **layer, const float *weight, cs_error *error) {
    const cs_plan_key usual = {{.n = 32}, (*layer)->spec.accumulate, 0};
    cs_plan *plan;
    int saved = cs_onednn_enter(nn);
    cs_status status = cs_layer_plan(nn, *layer, &usual, &plan, error);
    cs_onednn_leave(saved);
    if (status == CS_OK) status = cs_layer_own(nn, *layer, weight, error);
    if (status != CS_OK) {
        cs_onednn_layer_free(nn, *layer);
        *layer = NULL;
    }
    return status;
}

cs_status cs_onednn_linear(cs_nn *nn, const cs_linear_spec *spec, const float *weight, const float *bias,
                           cs_layer **layer, cs_error *error) {
    cs_conv_spec like = {spec->in, spec->out, 1, 0, spec->activation, spec->accumulate, spec->tolerance};
    dnnl_dims_t shape = {spec->out, spec->in};
    dnnl_memory_desc_t plain;
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&plain, 2, shape, dnnl_f32, dnnl_ab);
    if (status != dnnl_success) return cs_onednn_fail(error, status, "a linear layer");
    cs_status made = cs_layer_create(nn, &like, describe, &plain, weight, bias, layer, error);
    if (made != CS_OK) return made;
    (*layer)->is_linear = 1;
    return pack_now(nn, layer, weight, error);
}

cs_status cs_onednn_run_linear(cs_nn *nn, cs_layer *layer, int rows, const float *x, float *y, cs_error *error) {
    const cs_conv_size size = {.n = rows};
    return cs_layer_run(nn, layer, &size, x, y, error);
}

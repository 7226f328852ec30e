#include "nn/onednn/layer.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "nn/macs.h"
#include "nn/narrow.h"

static void plan_clear(cs_plan *plan) {
    if (plan->primitive) dnnl_primitive_destroy(plan->primitive);
    if (plan->source) dnnl_memory_destroy(plan->source);
    if (plan->target) dnnl_memory_destroy(plan->target);
    memset(plan, 0, sizeof *plan);
}

void cs_onednn_layer_free(cs_nn *nn, cs_layer *layer) {
    (void)nn;
    if (!layer) return;
    for (int i = 0; i < layer->plan_count; i++)
        plan_clear(&layer->plans[i]);
    for (int i = 0; i < layer->packed_count; i++)
        dnnl_memory_destroy(layer->packed[i]);
    if (layer->bias) dnnl_memory_destroy(layer->bias);
    cs_int8_free(layer->int8);
    free(layer);
}

/* A memory object of its own with the given contents; NULL data: zeros. */
static dnnl_status_t make_memory(cs_nn *nn, const dnnl_memory_desc_t *layout, const float *data,
                                 dnnl_memory_t *memory) {
    dnnl_status_t status = dnnl_memory_create(memory, layout, nn->engine, DNNL_MEMORY_ALLOCATE);
    if (status != dnnl_success) return status;
    void *handle = NULL;
    dnnl_memory_get_data_handle(*memory, &handle);
    size_t size = dnnl_memory_desc_get_size(layout);
    if (data) {
        memcpy(handle, data, size);
    } else {
        memset(handle, 0, size);
    }
    return dnnl_success;
}

/* oneDNN has no fast int8 convolution whose units are only known when it runs. */
static cs_precision precision_of(const cs_nn *nn, const cs_conv_spec *spec) {
    if (spec->depthwise) return CS_PRECISION_FP32;
    cs_precision precision = cs_tolerated(nn->precision, spec->tolerance);
    if (precision == CS_PRECISION_INT8 && spec->kernel > 1) precision = CS_PRECISION_BF16;
    return precision == CS_PRECISION_BF16 && !nn->has_bf16 ? CS_PRECISION_FP32 : precision;
}

cs_status cs_layer_create(cs_nn *nn, const cs_conv_spec *spec, cs_describe_fn *describe,
                          const dnnl_memory_desc_t *plain, const float *weight, const float *bias, cs_layer **layer,
                          cs_error *error) {
    cs_layer *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a layer");
    made->describe = describe;
    made->spec = *spec;
    made->plain = *plain;
    made->precision = precision_of(nn, spec);
    if (made->precision == CS_PRECISION_INT8) {
        cs_status quantised = cs_int8_create(nn, spec, weight, bias, &made->int8, error);
        if (quantised != CS_OK) {
            free(made);
            return quantised;
        }
        made->plain.data_type = dnnl_s8;
        *layer = made;
        return CS_OK;
    }
    dnnl_dims_t bias_shape = {spec->out};
    dnnl_memory_desc_t bias_layout;
    dnnl_status_t status = dnnl_memory_desc_init_by_tag(&bias_layout, 1, bias_shape, dnnl_f32, dnnl_x);
    if (status == dnnl_success) status = make_memory(nn, &bias_layout, bias, &made->bias);
    if (status == dnnl_success)
        status = dnnl_memory_create(&made->packed[0], plain, nn->engine, (void *)(uintptr_t)weight);
    if (status != dnnl_success) {
        cs_onednn_layer_free(nn, made);
        return cs_onednn_fail(error, status, "the weights of a layer");
    }
    made->packed_count = 1;
    *layer = made;
    return CS_OK;
}

cs_status cs_layer_own(cs_nn *nn, cs_layer *layer, const float *weight, cs_error *error) {
    void *handle = NULL;
    const dnnl_memory_desc_t *layout;
    dnnl_memory_t copy;
    if (layer->int8) return CS_OK;
    dnnl_memory_get_data_handle(layer->packed[0], &handle);
    if (handle != weight) return CS_OK;
    dnnl_memory_get_memory_desc(layer->packed[0], &layout);
    dnnl_status_t status = make_memory(nn, layout, weight, &copy);
    if (status != dnnl_success) return cs_onednn_fail(error, status, "the weights of a layer");
    dnnl_memory_destroy(layer->packed[0]);
    layer->packed[0] = copy;
    return CS_OK;
}

cs_plan *cs_layer_find_plan(cs_layer *layer, const cs_plan_key *key) {
    for (int i = 0; i < layer->plan_count; i++)
        if (memcmp(&layer->plans[i].key, key, sizeof *key) == 0) {
            layer->plans[i].used = ++layer->clock;
            return &layer->plans[i];
        }
    return NULL;
}

/* An empty slot, or that of the plan that was not asked for longest, emptied. */
static cs_plan *make_room(cs_layer *layer) {
    if (layer->plan_count < CS_PLAN_SLOTS) return &layer->plans[layer->plan_count++];
    cs_plan *oldest = &layer->plans[0];
    for (int i = 1; i < CS_PLAN_SLOTS; i++)
        if (layer->plans[i].used < oldest->used) oldest = &layer->plans[i];
    plan_clear(oldest);
    return oldest;
}

/* Attributes with the layer's activation and sum; in int8 every output has a unit of its own, known when it runs. */
static cs_status make_attributes(const cs_layer *layer, const cs_plan_key *key, dnnl_primitive_attr_t *attributes,
                                 cs_error *error) {
    const float at_run_time = DNNL_RUNTIME_F32_VAL;
    dnnl_post_ops_t operations = NULL;
    dnnl_status_t status = dnnl_primitive_attr_create(attributes);
    if (status != dnnl_success) return cs_onednn_fail(error, status, "attributes");
    if (key->alone) status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
    if (layer->int8) status = dnnl_primitive_attr_set_output_scales(*attributes, 1, 1 << 1, &at_run_time);
    if (status == dnnl_success) status = dnnl_post_ops_create(&operations);
    if (status == dnnl_success && key->adds) status = dnnl_post_ops_append_sum(operations, 1.0f);
    dnnl_alg_kind_t kind = dnnl_alg_kind_undef;
    float alpha = 0, beta = 0;
    switch (layer->spec.activation) {
    case CS_ACT_NONE:
        break;
    case CS_ACT_RELU:
        kind = dnnl_eltwise_relu;
        break;
    case CS_ACT_RELU6:
        kind = dnnl_eltwise_clip;
        beta = 6;
        break;
    case CS_ACT_QUICK_GELU:
        kind = dnnl_eltwise_swish;
        alpha = 1.702f;
        break;
    case CS_ACT_GELU:
        kind = dnnl_eltwise_gelu_erf;
        break;
    }
    if (status == dnnl_success && kind != dnnl_alg_kind_undef)
        status = dnnl_post_ops_append_eltwise(operations, 1.0f, kind, alpha, beta);
    if (status == dnnl_success) status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
    if (operations) dnnl_post_ops_destroy(operations);
    if (status == dnnl_success) return CS_OK;
    dnnl_primitive_attr_destroy(*attributes);
    return cs_onednn_fail(error, status, "post-operations");
}

/* Copies the weights from the layout of `from` into that of `to`. */
static dnnl_status_t reorder(cs_nn *nn, dnnl_memory_t from, dnnl_memory_t to) {
    const dnnl_memory_desc_t *source, *target;
    dnnl_memory_get_memory_desc(from, &source);
    dnnl_memory_get_memory_desc(to, &target);
    dnnl_primitive_desc_t description = NULL;
    dnnl_primitive_t primitive = NULL;
    dnnl_status_t status =
        dnnl_reorder_primitive_desc_create(&description, source, nn->engine, target, nn->engine, NULL);
    if (status == dnnl_success) status = dnnl_primitive_create(&primitive, description);
    if (status == dnnl_success) {
        dnnl_exec_arg_t arguments[] = {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}};
        status = dnnl_primitive_execute(primitive, nn->stream, 2, arguments);
        if (status == dnnl_success) status = dnnl_stream_wait(nn->stream);
    }
    if (primitive) dnnl_primitive_destroy(primitive);
    if (description) dnnl_primitive_desc_destroy(description);
    return status;
}

/* Replaces the plain weights of a layer that has never run: their layout will not be asked for again. */
static void drop_plain(cs_layer *layer) {
    dnnl_memory_destroy(layer->packed[0]);
    layer->packed[0] = layer->packed[1];
    layer->packed_count = 1;
}

/* In int8 the plain weights are at hand. */
static dnnl_status_t pack_int8(cs_nn *nn, const cs_layer *layer, dnnl_memory_t to) {
    dnnl_memory_t plain = NULL;
    dnnl_status_t status = make_memory(nn, &layer->plain, NULL, &plain);
    if (status != dnnl_success) return status;
    void *handle;
    dnnl_memory_get_data_handle(plain, &handle);
    cs_int8_plain(layer, handle);
    status = reorder(nn, plain, to);
    dnnl_memory_destroy(plain);
    return status;
}

/* From one packed layout to another by way of the plain one: straight from one to the other oneDNN has no fast code (17
 * ms instead of one for the starter's head). */
static dnnl_status_t repack(cs_nn *nn, const cs_layer *layer, dnnl_memory_t to) {
    const dnnl_memory_desc_t *have;
    if (layer->int8) return pack_int8(nn, layer, to);
    dnnl_memory_get_memory_desc(layer->packed[0], &have);
    if (dnnl_memory_desc_equal(have, &layer->plain)) return reorder(nn, layer->packed[0], to);
    dnnl_memory_t plain = NULL;
    dnnl_status_t status = make_memory(nn, &layer->plain, NULL, &plain);
    if (status == dnnl_success) status = reorder(nn, layer->packed[0], plain);
    if (status == dnnl_success) status = reorder(nn, plain, to);
    if (plain) dnnl_memory_destroy(plain);
    return status;
}

/* Finds or makes the weights in the wanted layout; *packed is its index. */
static dnnl_status_t pack(cs_nn *nn, cs_layer *layer, const dnnl_memory_desc_t *wanted, int *packed) {
    for (int i = 0; i < layer->packed_count; i++) {
        const dnnl_memory_desc_t *have;
        dnnl_memory_get_memory_desc(layer->packed[i], &have);
        if (dnnl_memory_desc_equal(have, wanted)) {
            *packed = i;
            return dnnl_success;
        }
    }
    if (layer->packed_count == CS_PACKED_SLOTS) return dnnl_unimplemented;
    dnnl_memory_t memory = NULL;
    dnnl_status_t status = make_memory(nn, wanted, NULL, &memory);
    if (status == dnnl_success) status = repack(nn, layer, memory);
    if (status != dnnl_success) {
        if (memory) dnnl_memory_destroy(memory);
        return status;
    }
    layer->packed[layer->packed_count++] = memory;
    if (layer->plan_count == 0 && !layer->int8) drop_plain(layer);
    *packed = layer->packed_count - 1;
    return dnnl_success;
}

static dnnl_status_t fill_plan(cs_nn *nn, cs_layer *layer, const_dnnl_primitive_desc_t description, cs_plan *plan) {
    const dnnl_memory_desc_t *weights = dnnl_primitive_desc_query_md(description, dnnl_query_weights_md, 0);
    const dnnl_memory_desc_t *source = dnnl_primitive_desc_query_md(description, dnnl_query_src_md, 0);
    const dnnl_memory_desc_t *target = dnnl_primitive_desc_query_md(description, dnnl_query_dst_md, 0);
    plan->source_layout = *source;
    plan->target_layout = *target;
    plan->scratch_layout = *dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
    dnnl_primitive_desc_query(description, dnnl_query_impl_info_str, 0, &plan->implementation);
    dnnl_status_t status = pack(nn, layer, weights, &plan->packed);
    if (status == dnnl_success) status = dnnl_primitive_create(&plan->primitive, description);
    if (status == dnnl_success) status = dnnl_memory_create(&plan->source, source, nn->engine, DNNL_MEMORY_NONE);
    if (status == dnnl_success) status = dnnl_memory_create(&plan->target, target, nn->engine, DNNL_MEMORY_NONE);
    return status;
}

/* Keeps the primitive of a description, which the caller still destroys. */
static cs_status add_plan(cs_nn *nn, cs_layer *layer, const cs_plan_key *key, const_dnnl_primitive_desc_t description,
                          cs_plan **plan, cs_error *error) {
    cs_plan made = {.key = *key};
    dnnl_status_t status = fill_plan(nn, layer, description, &made);
    if (status != dnnl_success) {
        plan_clear(&made);
        return cs_onednn_fail(error, status, "a primitive");
    }
    made.used = ++layer->clock;
    *plan = make_room(layer);
    **plan = made;
    return CS_OK;
}

static cs_status make_plan(cs_nn *nn, cs_layer *layer, const cs_plan_key *key, cs_plan **plan, cs_error *error) {
    dnnl_primitive_attr_t attributes;
    cs_status status = make_attributes(layer, key, &attributes, error);
    if (status != CS_OK) return status;
    dnnl_primitive_desc_t description = NULL;
    dnnl_status_t described = layer->describe(nn, layer, &key->size, attributes, &description);
    dnnl_primitive_attr_destroy(attributes);
    if (described != dnnl_success) return cs_onednn_fail(error, described, "a layer");
    status = add_plan(nn, layer, key, description, plan, error);
    dnnl_primitive_desc_destroy(description);
    return status;
}

cs_status cs_layer_plan(cs_nn *nn, cs_layer *layer, const cs_plan_key *key, cs_plan **plan, cs_error *error) {
    *plan = cs_layer_find_plan(layer, key);
    return *plan ? CS_OK : make_plan(nn, layer, key, plan, error);
}

cs_status cs_layer_execute(cs_nn *nn, cs_layer *layer, cs_plan *plan, const void *x, float *y, cs_error *error) {
    layer->latest = (int)(plan - layer->plans);
    dnnl_memory_set_data_handle(plan->source, (void *)(uintptr_t)x);
    dnnl_memory_set_data_handle(plan->target, y);
    dnnl_exec_arg_t arguments[] = {{DNNL_ARG_SRC, plan->source},
                                   {DNNL_ARG_WEIGHTS, layer->packed[plan->packed]},
                                   {DNNL_ARG_BIAS, layer->int8 ? layer->int8->bias_memory : layer->bias},
                                   {DNNL_ARG_DST, plan->target},
                                   {DNNL_ARG_ATTR_OUTPUT_SCALES, layer->int8 ? layer->int8->scales_memory : NULL}};
    dnnl_status_t status = dnnl_primitive_execute(plan->primitive, nn->stream, layer->int8 ? 5 : 4, arguments);
    if (status == dnnl_success) status = dnnl_stream_wait(nn->stream);
    return status == dnnl_success ? CS_OK : cs_onednn_fail(error, status, "a run of a layer");
}

static cs_status run_f32(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                         cs_error *error) {
    const cs_plan_key key = {*size, layer->spec.accumulate, 0};
    cs_plan *plan;
    cs_status status = cs_layer_plan(nn, layer, &key, &plan, error);
    return status == CS_OK ? cs_layer_execute(nn, layer, plan, x, y, error) : status;
}

cs_status cs_layer_run(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                       cs_error *error) {
    if (size->n == 0) return CS_OK;
    nn->macs +=
        layer->is_linear ? cs_linear_macs(size->n, layer->spec.in, layer->spec.out) : cs_conv_macs(&layer->spec, size);
    int saved = cs_onednn_enter(nn);
    cs_status status = layer->precision == CS_PRECISION_FP32 ? run_f32(nn, layer, size, x, y, error)
                                                             : cs_layer_run_narrow(nn, layer, size, x, y, error);
    cs_onednn_leave(saved);
    return status;
}

const char *cs_onednn_implementation(const cs_layer *layer) {
    return layer->plan_count ? layer->plans[layer->latest].implementation : "";
}

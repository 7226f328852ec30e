/* A packed layer: weights in the layouts that oneDNN's primitives ask for, and the primitives by shape. */
#ifndef CS_NN_ONEDNN_LAYER_H
#define CS_NN_ONEDNN_LAYER_H

#include "nn/onednn/onednn.h"

/* Shapes seen lately. Photographs come in many sizes, so the one that was not asked for longest makes room. A plan
 * takes 30 to 60 kB and a third of a millisecond to make; docs/speed.md has figures for other numbers. */
#define CS_PLAN_SLOTS 32

/* Layouts of one layer's weights: nearly always one. */
#define CS_PACKED_SLOTS 4

/* What a layer in int8 holds besides its packed weights (nn/narrow.h). */
typedef struct cs_int8_weights {
    int8_t *
        whole; /* the weights' whole numbers, [in, out]: inputs that are too far from the others are multiplied apart */
    float *steps;               /* [out], of the weights */
    float *bias;                /* [out], in f32 */
    float *scales, *bias_units; /* [out], of the run under way: a unit of the product, and the bias in such units */
    dnnl_memory_t scales_memory, bias_memory;
} cs_int8_weights;

/* What a primitive is made for. */
typedef struct cs_plan_key {
    cs_conv_size size; /* linear layers: n is the number of rows, the rest is zero */
    int adds;          /* the old y is added, be it by the layer's nature or because of what was split off */
    int alone;         /* for one thread, beside others that run it, too */
} cs_plan_key;

typedef struct cs_plan {
    cs_plan_key key;
    dnnl_primitive_t primitive;
    dnnl_memory_t source, target; /* re-pointed at every run */
    dnnl_memory_desc_t source_layout, target_layout, scratch_layout;
    int packed; /* which of the layer's layouts it reads */
    const char *implementation;
    unsigned long used; /* when it was asked for last, by the layer's clock */
} cs_plan;

/* Describes the primitive of a layer for one shape; what convolutions and linear layers differ in. */
typedef dnnl_status_t cs_describe_fn(cs_nn *nn, const cs_layer *layer, const cs_conv_size *size,
                                     dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t *description);

struct cs_layer {
    cs_describe_fn *describe;
    cs_conv_spec spec; /* linear layers: kernel 1 */
    int is_linear;
    cs_precision precision;   /* of this layer */
    cs_int8_weights *int8;    /* NULL in other precisions */
    dnnl_memory_desc_t plain; /* the layout that the weights came in */
    dnnl_memory_t bias;
    int packed_count, plan_count, latest;
    unsigned long clock;
    dnnl_memory_t packed[CS_PACKED_SLOTS];
    cs_plan plans[CS_PLAN_SLOTS];
};

/* Allocates the layer, with the weights in `plain` layout as its first packed form, and the bias. The weights are not
 * copied: until cs_layer_own() is called the caller's array has to stay. */
cs_status cs_layer_create(cs_nn *nn, const cs_conv_spec *spec, cs_describe_fn *describe,
                          const dnnl_memory_desc_t *plain, const float *weight, const float *bias, cs_layer **layer,
                          cs_error *error);

/* Copies the plain weights unless they have been packed by now. */
cs_status cs_layer_own(cs_nn *nn, cs_layer *layer, const float *weight, cs_error *error);

/* The plan for this shape, made if there is none, with the weights packed anew if its primitive wants a layout that the
 * layer does not have yet. */
cs_status cs_layer_plan(cs_nn *nn, cs_layer *layer, const cs_plan_key *key, cs_plan **plan, cs_error *error);

/* NULL where there is none yet. */
cs_plan *cs_layer_find_plan(cs_layer *layer, const cs_plan_key *key);

/* A plan for one thread, made under the same rules; counts in *made if there was none. */
cs_status cs_layer_plan_alone(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, cs_plan **plan, int *made,
                              cs_error *error);

/* Runs such a plan; may be called from several threads at once. */
dnnl_status_t cs_layer_execute_alone(cs_nn *nn, const cs_layer *layer, const cs_plan *plan, const float *x, float *y);

/* Type of a layer's inputs and weights; outputs and bias are f32. */
dnnl_data_type_t cs_layer_type(const cs_layer *layer);

/* Runs a plan; x is of the layer's source type. */
cs_status cs_layer_execute(cs_nn *nn, cs_layer *layer, cs_plan *plan, const void *x, float *y, cs_error *error);

/* Weights to int8. *made is released with cs_int8_free(). */
cs_status cs_int8_create(cs_nn *nn, const cs_conv_spec *spec, const float *weight, const float *bias,
                         cs_int8_weights **made, cs_error *error);
void cs_int8_free(cs_int8_weights *weights);

/* The weights' whole numbers in the order in which they came. plain: room for all of them. */
void cs_int8_plain(const cs_layer *layer, int8_t *plain);

/* A run in less than f32: the inputs are made narrower first. */
cs_status cs_layer_run_narrow(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y,
                              cs_error *error);

/* Runs the layer on x into y; nothing to do for size->n = 0. */
cs_status cs_layer_run(cs_nn *nn, cs_layer *layer, const cs_conv_size *size, const float *x, float *y, cs_error *error);

#endif

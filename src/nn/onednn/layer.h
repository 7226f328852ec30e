/* A packed layer: weights in the layouts that oneDNN's primitives ask for, and the primitives by shape. */
#ifndef CS_NN_ONEDNN_LAYER_H
#define CS_NN_ONEDNN_LAYER_H

#include "nn/onednn/onednn.h"

/* Shapes seen lately. Photographs come in many sizes, so the oldest makes room. */
#define CS_PLAN_SLOTS 32

/* Layouts of one layer's weights: nearly always one. */
#define CS_PACKED_SLOTS 4

/* One primitive, made for one shape. */
typedef struct cs_plan {
    cs_conv_size size; /* linear layers: n is the number of rows, the rest is zero */
    dnnl_primitive_t primitive;
    dnnl_memory_t source, target; /* re-pointed at every run */
    int packed;                   /* which of the layer's layouts it reads */
    const char *implementation;
} cs_plan;

struct cs_layer {
    int is_conv;
    cs_conv_spec spec;        /* linear layers: kernel 1 */
    dnnl_memory_desc_t plain; /* the layout that the weights came in */
    dnnl_memory_t bias;
    int packed_count, plan_count, next_plan, latest;
    dnnl_memory_t packed[CS_PACKED_SLOTS];
    cs_plan plans[CS_PLAN_SLOTS];
};

/* Allocates the layer, with the weights in `plain` layout as its first packed form, and the bias. The weights are not
 * copied: until cs_layer_own() is called the caller's array has to stay. */
cs_status cs_layer_create(cs_nn *nn, const cs_conv_spec *spec, int is_conv, const dnnl_memory_desc_t *plain,
                          const float *weight, const float *bias, cs_layer **layer, cs_error *error);

/* Copies the plain weights unless they have been packed by now. */
cs_status cs_layer_own(cs_nn *nn, cs_layer *layer, const float *weight, cs_error *error);

/* The plan for this shape, or NULL. */
cs_plan *cs_layer_find_plan(cs_layer *layer, const cs_conv_size *size);

/* Makes a plan out of a primitive description (which it does not destroy), packing the weights anew if the primitive
 * wants a layout that the layer does not have yet. */
cs_status cs_layer_add_plan(cs_nn *nn, cs_layer *layer, const cs_conv_size *size,
                            const_dnnl_primitive_desc_t description, cs_plan **plan, cs_error *error);

/* Attributes with the layer's activation and residual sum. */
cs_status cs_layer_attributes(const cs_layer *layer, dnnl_primitive_attr_t *attributes, cs_error *error);

cs_status cs_layer_execute(cs_nn *nn, cs_layer *layer, cs_plan *plan, const float *x, float *y, cs_error *error);

#endif

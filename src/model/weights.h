/* Building a backend's layers from the tensors of a checkpoint. */
#ifndef CS_MODEL_WEIGHTS_H
#define CS_MODEL_WEIGHTS_H

#include "clipsight.h"
#include "model/checkpoint.h"
#include "nn/nn.h"

/* Where weights come from and go to. */
typedef struct cs_weights {
    const cs_checkpoint *checkpoint;
    const cs_nn_ops *ops;
    cs_nn *nn;
} cs_weights;

/* prefix + name in buffer [256]; what does not fit is cut, and then found missing. */
const char *cs_tensor_name(char buffer[256], const char *prefix, const char *name);

/* A tensor as newly allocated f32. */
cs_status cs_weights_read(const cs_weights *weights, const char *name, int dims, const int64_t *shape, float **data,
                          cs_error *error);

/* A vector [length] in device memory. */
cs_status cs_weights_vector(const cs_weights *weights, const char *name, int length, float **device, cs_error *error);

/* A table [rows, width] in device memory. */
cs_status cs_weights_table(const cs_weights *weights, const char *name, int rows, int width, float **device,
                           cs_error *error);

/* Gain and bias of the layer normalisation prefix + norm, in device memory. */
cs_status cs_weights_norm(const cs_weights *weights, const char *prefix, const char *norm, int width, float **gain,
                          float **bias, cs_error *error);

/* prefix.weight [out, in] and, where has_bias, prefix.bias [out]. */
cs_status cs_weights_linear(const cs_weights *weights, const char *prefix, const cs_linear_spec *spec, int has_bias,
                            cs_layer **layer, cs_error *error);

/* A matrix without bias of exactly that name: [out, in], or [in, out] where in_out. */
cs_status cs_weights_matrix(const cs_weights *weights, const char *name, const cs_linear_spec *spec, int in_out,
                            cs_layer **layer, cs_error *error);

/* Names of a convolution and of the batch normalisation behind it, both behind `prefix`. */
typedef struct cs_conv_names {
    const char *prefix, *conv, *norm;
} cs_conv_names;

/* A convolution without bias [out, in or 1, kernel, kernel] with its batch normalisation folded in. */
cs_status cs_weights_conv(const cs_weights *weights, const cs_conv_names *names, const cs_conv_spec *spec,
                          float epsilon, cs_layer **layer, cs_error *error);

/* Layers and vectors that may be NULL. */
void cs_weights_free_layer(const cs_nn_ops *ops, cs_nn *nn, cs_layer *layer);
void cs_weights_free_vector(const cs_nn_ops *ops, cs_nn *nn, float *vector);

#endif

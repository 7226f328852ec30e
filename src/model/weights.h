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

/* prefix.weight [out, in] and, where has_bias, prefix.bias [out]. */
cs_status cs_weights_linear(const cs_weights *weights, const char *prefix, const cs_linear_spec *spec, int has_bias,
                            cs_layer **layer, cs_error *error);

#endif

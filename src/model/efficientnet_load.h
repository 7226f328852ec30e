/* The layers of an EfficientNet-Lite, with each batch normalisation folded into its convolution. */
#ifndef CS_MODEL_EFFICIENTNET_LOAD_H
#define CS_MODEL_EFFICIENTNET_LOAD_H

#include "model/efficientnet_shape.h"
#include "model/weights.h"

typedef struct cs_block_layers {
    cs_layer *expand; /* NULL where the block does not expand */
    cs_layer *depthwise, *project;
} cs_block_layers;

typedef struct cs_efficientnet_layers {
    cs_layer *stem, *head, *classes;
    cs_block_layers *blocks; /* [block_count] */
    int block_count;
} cs_efficientnet_layers;

/* Tensor names are those of the efficientnet_lite_pytorch package behind "vision_model.". On failure the caller still
 * calls cs_efficientnet_layers_free(). */
cs_status cs_efficientnet_layers_load(const cs_weights *weights, const cs_efficientnet_config *config,
                                      const cs_block_shape *blocks, int block_count, cs_efficientnet_layers *layers,
                                      cs_error *error);
void cs_efficientnet_layers_free(const cs_nn_ops *ops, cs_nn *nn, cs_efficientnet_layers *layers);

#endif

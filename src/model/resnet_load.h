/* The layers of a modified ResNet, batch normalisations folded in. */
#ifndef CS_MODEL_RESNET_LOAD_H
#define CS_MODEL_RESNET_LOAD_H

#include "model/config.h"
#include "model/weights.h"

/* Channels out of a bottleneck per channel inside it, width of the attention pool's heads, and its channels per channel
 * behind the stem. */
enum { CS_EXPANSION = 4, CS_POOL_HEAD_WIDTH = 64, CS_POOL_CHANNELS = 32 };

typedef struct cs_bottleneck {
    int in, planes, stride;
    cs_layer *reduce;   /* 1x1, in -> planes */
    cs_layer *middle;   /* 3x3, planes -> planes; a mean pool follows where stride is 2 */
    cs_layer *expand;   /* 1x1, planes -> 4 planes, added to the shortcut, ReLU */
    cs_layer *shortcut; /* 1x1 behind a mean pool; NULL where the input itself is the shortcut */
} cs_bottleneck;

typedef struct cs_resnet_layers {
    cs_layer *stem[3];
    cs_bottleneck *blocks; /* [count] */
    int count;
    float *positions; /* device, [1 + cells, 32 * width] */
    cs_layer *qkv, *out;
} cs_resnet_layers;

/* On failure the caller still calls cs_resnet_layers_free(). */
cs_status cs_resnet_layers_load(const cs_weights *weights, const cs_config *config, cs_resnet_layers *layers,
                                cs_error *error);
void cs_resnet_layers_free(const cs_nn_ops *ops, cs_nn *nn, cs_resnet_layers *layers);

#endif

/* The shape of an EfficientNet-Lite: its blocks, and how the sizes of its feature maps follow from a picture's. */
#ifndef CS_MODEL_EFFICIENTNET_SHAPE_H
#define CS_MODEL_EFFICIENTNET_SHAPE_H

#include "model/config.h"
#include "nn/nn.h"

enum { CS_STEM_CHANNELS = 32, CS_HEAD_CHANNELS = 1280 };

/* An inverted residual block: 1x1 expansion, depthwise convolution, 1x1 projection. */
typedef struct cs_block_shape {
    int in, expanded, out;
    int kernel, stride;
    int stage;    /* 0 to 6 */
    int residual; /* the input is added to the output */
} cs_block_shape;

/* *blocks is released with free(). */
cs_status cs_efficientnet_blocks(const cs_efficientnet_config *config, cs_block_shape **blocks, int *count,
                                 cs_error *error);

/* Output size and leading padding of TensorFlow's SAME convolution. */
cs_conv_size cs_conv_same(int n, int height, int width, int kernel, int stride, int dilation);

/* The dense form keeps the resolution that the classifying form gives up in its last stride: that stride becomes 1, and
 * the kernels behind it are spread out so that they see what they saw in training. */
int cs_block_is_last_strided(const cs_block_shape *block);
cs_conv_size cs_block_conv_size(const cs_block_shape *block, int dense, int n, int height, int width);

#endif

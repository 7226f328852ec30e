#include "model/efficientnet_shape.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* The base network's stages, before width and depth are scaled. */
typedef struct stage {
    int repeats, kernel, stride, expand, out;
} stage;

enum { STAGES = 7, LAST_STRIDED_STAGE = 5 };

static const stage base_stages[STAGES] = {{1, 3, 1, 1, 16},  {2, 3, 2, 6, 24},  {2, 5, 2, 6, 40}, {3, 3, 2, 6, 80},
                                          {3, 5, 1, 6, 112}, {4, 5, 2, 6, 192}, {1, 3, 1, 6, 320}};

/* Channels are multiples of 8, and rounding never takes away more than a tenth. */
static int scale_channels(int channels, float coefficient) {
    float scaled = (float)channels * coefficient;
    int rounded = (int)(scaled + 4) / 8 * 8;
    if (rounded < 8) rounded = 8;
    if ((float)rounded < 0.9f * scaled) rounded += 8;
    return rounded;
}

/* The Lite networks leave the first and the last stage at their depth. */
static int scale_repeats(int index, float coefficient) {
    if (index == 0 || index == STAGES - 1) return base_stages[index].repeats;
    return (int)ceilf((float)base_stages[index].repeats * coefficient);
}

cs_status cs_efficientnet_blocks(const cs_efficientnet_config *config, cs_block_shape **blocks, int *count,
                                 cs_error *error) {
    int total = 0;
    for (int s = 0; s < STAGES; s++)
        total += scale_repeats(s, config->depth_coefficient);
    cs_block_shape *made = cs_alloc((size_t)total, sizeof *made);
    if (!made) return cs_fail_memory(error, "a network");
    int at = 0, in = CS_STEM_CHANNELS;
    for (int s = 0; s < STAGES; s++) {
        int out = scale_channels(base_stages[s].out, config->width_coefficient);
        for (int r = 0; r < scale_repeats(s, config->depth_coefficient); r++) {
            int stride = r == 0 ? base_stages[s].stride : 1;
            made[at++] = (cs_block_shape){in, in * base_stages[s].expand, out, base_stages[s].kernel, stride,
                                          s,  stride == 1 && in == out};
            in = out;
        }
    }
    *blocks = made;
    *count = total;
    return CS_OK;
}

/* Padding before the first cell, and the number of outputs, along one side. */
static int same_before(int in, int kernel, int stride, int dilation, int *out) {
    *out = (in + stride - 1) / stride;
    int padding = (*out - 1) * stride + (kernel - 1) * dilation + 1 - in;
    return padding > 0 ? padding / 2 : 0;
}

cs_conv_size cs_conv_same(int n, int height, int width, int kernel, int stride, int dilation) {
    cs_conv_size size = {.n = n, .height = height, .width = width, .stride = stride, .dilation = dilation};
    size.pad_top = same_before(height, kernel, stride, dilation, &size.out_height);
    size.pad_left = same_before(width, kernel, stride, dilation, &size.out_width);
    return size;
}

int cs_block_is_last_strided(const cs_block_shape *block) {
    return block->stage == LAST_STRIDED_STAGE && block->stride == 2;
}

cs_conv_size cs_block_conv_size(const cs_block_shape *block, int dense, int n, int height, int width) {
    if (!dense || block->stage < LAST_STRIDED_STAGE)
        return cs_conv_same(n, height, width, block->kernel, block->stride, 1);
    if (block->stride == 2) return cs_conv_same(n, height, width, block->kernel, 1, 1);
    return cs_conv_same(n, height, width, block->kernel, 1, 2);
}

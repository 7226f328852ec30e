#include "model/efficientnet_load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* Scale and shift per channel that a batch normalisation amounts to once training is over. */
typedef struct folding {
    float *scale, *shift; /* [channels] */
} folding;

static cs_status read_folding(const cs_weights *weights, const char *norm, int channels, float epsilon, folding *fold,
                              cs_error *error) {
    static const char *const parts[] = {".weight", ".bias", ".running_mean", ".running_var"};
    const int64_t shape[] = {channels};
    float *values[4] = {NULL};
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < 4; i++) {
        char name[256];
        status = cs_weights_read(weights, cs_tensor_name(name, norm, parts[i]), 1, shape, &values[i], error);
    }
    for (int c = 0; status == CS_OK && c < channels; c++) {
        values[0][c] /= sqrtf(values[3][c] + epsilon);
        values[1][c] -= values[2][c] * values[0][c];
    }
    free(values[2]);
    free(values[3]);
    if (status != CS_OK) {
        free(values[0]);
        free(values[1]);
        return status;
    }
    *fold = (folding){values[0], values[1]};
    return CS_OK;
}

/* Reads the convolution `name` [out, in or 1, kernel, kernel], folds the normalisation `norm` in, and packs it. */
static cs_status load_conv(const cs_weights *weights, const char *prefix, const char *conv, const char *norm,
                           const cs_conv_spec *spec, float epsilon, cs_layer **layer, cs_error *error) {
    char name[256];
    const int64_t inputs = spec->depthwise ? 1 : spec->in;
    const int64_t shape[] = {spec->out, inputs, spec->kernel, spec->kernel};
    const size_t per_output = (size_t)inputs * (size_t)spec->kernel * (size_t)spec->kernel;
    float *weight = NULL;
    folding fold = {NULL, NULL};
    cs_status status = read_folding(weights, cs_tensor_name(name, prefix, norm), spec->out, epsilon, &fold, error);
    if (status == CS_OK)
        status = cs_weights_read(weights, cs_tensor_name(name, prefix, conv), 4, shape, &weight, error);
    if (status == CS_OK) {
        for (size_t o = 0; o < (size_t)spec->out; o++)
            for (size_t i = 0; i < per_output; i++)
                weight[o * per_output + i] *= fold.scale[o];
        status = weights->ops->conv(weights->nn, spec, weight, fold.shift, layer, error);
    }
    free(weight);
    free(fold.scale);
    free(fold.shift);
    return status;
}

static cs_status load_block(const cs_weights *weights, int index, const cs_block_shape *block, float epsilon,
                            cs_block_layers *layers, cs_error *error) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "vision_model._blocks.%d.", index);
    const cs_conv_spec expand = {block->in, block->expanded, 1, 0, CS_ACT_RELU6, 0};
    const cs_conv_spec depthwise = {block->expanded, block->expanded, block->kernel, 1, CS_ACT_RELU6, 0};
    const cs_conv_spec project = {block->expanded, block->out, 1, 0, CS_ACT_NONE, block->residual};
    cs_status status = CS_OK;
    if (block->expanded != block->in)
        status = load_conv(weights, prefix, "_expand_conv.weight", "_bn0", &expand, epsilon, &layers->expand, error);
    if (status == CS_OK)
        status = load_conv(weights, prefix, "_depthwise_conv.weight", "_bn1", &depthwise, epsilon, &layers->depthwise,
                           error);
    if (status == CS_OK)
        status = load_conv(weights, prefix, "_project_conv.weight", "_bn2", &project, epsilon, &layers->project, error);
    return status;
}

cs_status cs_efficientnet_layers_load(const cs_weights *weights, const cs_efficientnet_config *config,
                                      const cs_block_shape *blocks, int block_count, cs_efficientnet_layers *layers,
                                      cs_error *error) {
    *layers = (cs_efficientnet_layers){0};
    layers->blocks = cs_alloc_zero((size_t)block_count, sizeof *layers->blocks);
    if (!layers->blocks) return cs_fail_memory(error, "a network");
    layers->block_count = block_count;
    const cs_conv_spec stem = {3, CS_STEM_CHANNELS, 3, 0, CS_ACT_RELU6, 0};
    const cs_conv_spec head = {blocks[block_count - 1].out, CS_HEAD_CHANNELS, 1, 0, CS_ACT_RELU6, 0};
    const cs_linear_spec classes = {CS_HEAD_CHANNELS, config->classes, CS_ACT_NONE, 0};
    float epsilon = config->epsilon;
    cs_status status =
        load_conv(weights, "vision_model.", "_conv_stem.weight", "_bn0", &stem, epsilon, &layers->stem, error);
    for (int i = 0; status == CS_OK && i < block_count; i++)
        status = load_block(weights, i, &blocks[i], epsilon, &layers->blocks[i], error);
    if (status == CS_OK)
        status = load_conv(weights, "vision_model.", "_conv_head.weight", "_bn1", &head, epsilon, &layers->head, error);
    if (status == CS_OK) status = cs_weights_linear(weights, "vision_model._fc", &classes, 1, &layers->classes, error);
    return status;
}

static void free_layer(const cs_nn_ops *ops, cs_nn *nn, cs_layer *layer) {
    if (layer) ops->layer_free(nn, layer);
}

void cs_efficientnet_layers_free(const cs_nn_ops *ops, cs_nn *nn, cs_efficientnet_layers *layers) {
    free_layer(ops, nn, layers->stem);
    free_layer(ops, nn, layers->head);
    free_layer(ops, nn, layers->classes);
    for (int i = 0; i < layers->block_count; i++) {
        free_layer(ops, nn, layers->blocks[i].expand);
        free_layer(ops, nn, layers->blocks[i].depthwise);
        free_layer(ops, nn, layers->blocks[i].project);
    }
    free(layers->blocks);
    *layers = (cs_efficientnet_layers){0};
}

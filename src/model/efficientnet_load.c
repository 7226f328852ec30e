#include "model/efficientnet_load.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static cs_status load_block(const cs_weights *weights, int index, const cs_block_shape *block, float epsilon,
                            cs_block_layers *layers, cs_error *error) {
    char prefix[64];
    snprintf(prefix, sizeof prefix, "vision_model._blocks.%d.", index);
    const cs_conv_spec expand = {block->in, block->expanded, 1, 0, CS_ACT_RELU6, 0, CS_TOLERATES_INT8};
    const cs_conv_spec depthwise = {block->expanded,  block->expanded, block->kernel, 1, CS_ACT_RELU6, 0,
                                    CS_TOLERATES_NONE};
    const cs_conv_spec project = {block->expanded, block->out, 1, 0, CS_ACT_NONE, block->residual, CS_TOLERATES_INT8};
    cs_status status = CS_OK;
    if (block->expanded != block->in)
        status = cs_weights_conv(weights, &(cs_conv_names){prefix, "_expand_conv", "_bn0"}, &expand, epsilon,
                                 &layers->expand, error);
    if (status == CS_OK)
        status = cs_weights_conv(weights, &(cs_conv_names){prefix, "_depthwise_conv", "_bn1"}, &depthwise, epsilon,
                                 &layers->depthwise, error);
    if (status == CS_OK)
        status = cs_weights_conv(weights, &(cs_conv_names){prefix, "_project_conv", "_bn2"}, &project, epsilon,
                                 &layers->project, error);
    return status;
}

cs_status cs_efficientnet_layers_load(const cs_weights *weights, const cs_efficientnet_config *config,
                                      const cs_block_shape *blocks, int block_count, cs_efficientnet_layers *layers,
                                      cs_error *error) {
    *layers = (cs_efficientnet_layers){0};
    layers->blocks = cs_alloc_zero((size_t)block_count, sizeof *layers->blocks);
    if (!layers->blocks) return cs_fail_memory(error, "a network");
    layers->block_count = block_count;
    const cs_conv_spec stem = {3, CS_STEM_CHANNELS, 3, 0, CS_ACT_RELU6, 0, CS_TOLERATES_NONE};
    const cs_conv_spec head = {blocks[block_count - 1].out, CS_HEAD_CHANNELS, 1, 0, CS_ACT_RELU6, 0, CS_TOLERATES_INT8};
    const cs_linear_spec classes = {CS_HEAD_CHANNELS, config->classes, CS_ACT_NONE, 0, CS_TOLERATES_NONE};
    float epsilon = config->epsilon;
    cs_status status = cs_weights_conv(weights, &(cs_conv_names){"vision_model.", "_conv_stem", "_bn0"}, &stem, epsilon,
                                       &layers->stem, error);
    for (int i = 0; status == CS_OK && i < block_count; i++)
        status = load_block(weights, i, &blocks[i], epsilon, &layers->blocks[i], error);
    if (status == CS_OK)
        status = cs_weights_conv(weights, &(cs_conv_names){"vision_model.", "_conv_head", "_bn1"}, &head, epsilon,
                                 &layers->head, error);
    if (status == CS_OK) status = cs_weights_linear(weights, "vision_model._fc", &classes, 1, &layers->classes, error);
    return status;
}

void cs_efficientnet_layers_free(const cs_nn_ops *ops, cs_nn *nn, cs_efficientnet_layers *layers) {
    cs_weights_free_layer(ops, nn, layers->stem);
    cs_weights_free_layer(ops, nn, layers->head);
    cs_weights_free_layer(ops, nn, layers->classes);
    for (int i = 0; i < layers->block_count; i++) {
        cs_weights_free_layer(ops, nn, layers->blocks[i].expand);
        cs_weights_free_layer(ops, nn, layers->blocks[i].depthwise);
        cs_weights_free_layer(ops, nn, layers->blocks[i].project);
    }
    free(layers->blocks);
    *layers = (cs_efficientnet_layers){0};
}

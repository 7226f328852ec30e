#include "model/resnet_load.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/names.h"
#include "model/transformer.h"

static const float epsilon = 1e-5f;

static cs_status load_stem(const cs_weights *weights, int width, cs_layer *stem[3], cs_error *error) {
    static const char *const convs[] = {"conv1", "conv2", "conv3"}, *const norms[] = {"bn1", "bn2", "bn3"};
    const int channels[] = {3, width / 2, width / 2, width};
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < 3; i++) {
        const cs_conv_spec spec = {
            channels[i], channels[i + 1], 3, 0, CS_ACT_RELU, 0, i > 0 ? CS_TOLERATES_INT8 : CS_TOLERATES_NONE};
        status =
            cs_weights_conv(weights, &(cs_conv_names){"visual.", convs[i], norms[i]}, &spec, epsilon, &stem[i], error);
    }
    return status;
}

static cs_status load_block(const cs_weights *weights, const char *prefix, cs_bottleneck *block, cs_error *error) {
    int planes = block->planes, out = planes * CS_EXPANSION;
    int reshaped = block->stride > 1 || block->in != out;
    const struct {
        cs_conv_names names;
        cs_conv_spec spec;
        cs_layer **layer;
    } convs[] = {
        {{prefix, "conv1", "bn1"}, {block->in, planes, 1, 0, CS_ACT_RELU, 0, 1}, &block->reduce},
        {{prefix, "conv2", "bn2"}, {planes, planes, 3, 0, CS_ACT_RELU, 0, 1}, &block->middle},
        {{prefix, "conv3", "bn3"}, {planes, out, 1, 0, CS_ACT_RELU, 1, 1}, &block->expand},
        {{prefix, "downsample.0", "downsample.1"}, {block->in, out, 1, 0, CS_ACT_NONE, 0, 1}, &block->shortcut}};
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < (reshaped ? 4 : 3); i++)
        status = cs_weights_conv(weights, &convs[i].names, &convs[i].spec, epsilon, convs[i].layer, error);
    return status;
}

static cs_status load_blocks(const cs_weights *weights, const cs_resnet_config *config, cs_resnet_layers *layers,
                             cs_error *error) {
    int total = config->blocks[0] + config->blocks[1] + config->blocks[2] + config->blocks[3];
    layers->blocks = cs_alloc_zero((size_t)total, sizeof *layers->blocks);
    if (!layers->blocks) return cs_fail_memory(error, "a network");
    layers->count = total;
    cs_bottleneck *block = layers->blocks;
    int in = config->width;
    for (int stage = 0; stage < 4; stage++) {
        for (int i = 0; i < config->blocks[stage]; i++, block++) {
            char prefix[64];
            snprintf(prefix, sizeof prefix, "visual.layer%d.%d.", stage + 1, i);
            block->in = in;
            block->planes = config->width << stage;
            block->stride = stage > 0 && i == 0 ? 2 : 1;
            cs_status status = load_block(weights, prefix, block, error);
            if (status != CS_OK) return status;
            in = block->planes * CS_EXPANSION;
        }
    }
    return CS_OK;
}

static cs_status load_pool(const cs_weights *weights, const cs_config *config, cs_resnet_layers *layers,
                           cs_error *error) {
    static const cs_block_names names = {.q = "q_proj", .k = "k_proj", .v = "v_proj"};
    const int side = config->image_size / 32, width = config->resnet.width * CS_POOL_CHANNELS;
    const cs_linear_spec out = {width, config->dim, CS_ACT_NONE, 0, CS_TOLERATES_NONE};
    cs_status status = cs_weights_table(weights, "visual.attnpool.positional_embedding", side * side + 1, width,
                                        &layers->positions, error);
    if (status != CS_OK) return status;
    status =
        cs_transformer_load_qkv(weights, "visual.attnpool.", &names, width, CS_TOLERATES_NONE, &layers->qkv, error);
    if (status != CS_OK) return status;
    return cs_weights_linear(weights, "visual.attnpool.c_proj", &out, 1, &layers->out, error);
}

cs_status cs_resnet_layers_load(const cs_weights *weights, const cs_config *config, cs_resnet_layers *layers,
                                cs_error *error) {
    *layers = (cs_resnet_layers){0};
    cs_status status = load_stem(weights, config->resnet.width, layers->stem, error);
    if (status == CS_OK) status = load_blocks(weights, &config->resnet, layers, error);
    return status == CS_OK ? load_pool(weights, config, layers, error) : status;
}

void cs_resnet_layers_free(const cs_nn_ops *ops, cs_nn *nn, cs_resnet_layers *layers) {
    for (int i = 0; i < 3; i++)
        cs_weights_free_layer(ops, nn, layers->stem[i]);
    for (int i = 0; i < layers->count; i++) {
        cs_weights_free_layer(ops, nn, layers->blocks[i].reduce);
        cs_weights_free_layer(ops, nn, layers->blocks[i].middle);
        cs_weights_free_layer(ops, nn, layers->blocks[i].expand);
        cs_weights_free_layer(ops, nn, layers->blocks[i].shortcut);
    }
    cs_weights_free_layer(ops, nn, layers->qkv);
    cs_weights_free_layer(ops, nn, layers->out);
    cs_weights_free_vector(ops, nn, layers->positions);
    free(layers->blocks);
    *layers = (cs_resnet_layers){0};
}

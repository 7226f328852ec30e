/* What a model is, without loading it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/checkpoint.h"
#include "model/config.h"
#include "model/efficientnet_shape.h"
#include "model/find_weights.h"
#include "model/resnet_load.h"

/* Multiply-adds of a stack of transformer blocks over one sequence. */
static double transformer_macs(int layers, int width, int mlp, int tokens) {
    double t = tokens, w = width;
    return layers * (t * (4 * w * w + 2 * w * mlp) + 2 * t * t * w);
}

static double vit_macs(const cs_config *config) {
    const cs_vit_config *vit = &config->vit;
    int side = config->image_size / vit->patch, cells = side * side;
    double patches = (double)cells * vit->width * 3 * vit->patch * vit->patch;
    return patches + transformer_macs(vit->layers, vit->width, vit->mlp, cells + 1) + (double)vit->width * config->dim;
}

static double resnet_macs(const cs_config *config) {
    double w = config->resnet.width, side = config->image_size / 2.0;
    double total = side * side * (27 * w / 2 + 9 * w * w / 4 + 9 * w * w / 2), in = w;
    side /= 2;
    for (int stage = 0; stage < 4; stage++) {
        double planes = w * (1 << stage), out = planes * CS_EXPANSION;
        for (int i = 0; i < config->resnet.blocks[stage]; i++) {
            double before = side;
            if (stage > 0 && i == 0) side /= 2;
            total += before * before * (in * planes + 9 * planes * planes) + side * side * planes * out;
            if (i == 0) total += side * side * in * out;
            in = out;
        }
    }
    double tokens = side * side + 1;
    return total + tokens * 3 * in * in + 2 * tokens * tokens * in + in * config->dim;
}

static cs_status efficientnet_macs(const cs_config *config, double *macs, cs_error *error) {
    cs_block_shape *blocks;
    int count, side = (config->image_size + 1) / 2;
    cs_status status = cs_efficientnet_blocks(&config->efficientnet, &blocks, &count, error);
    if (status != CS_OK) return status;
    double total = (double)side * side * 27 * CS_STEM_CHANNELS;
    for (int i = 0; i < count; i++) {
        const cs_block_shape *block = &blocks[i];
        double before = (double)side * side;
        side = (side + block->stride - 1) / block->stride;
        if (block->expanded != block->in) total += before * block->in * block->expanded;
        total += (double)side * side * block->expanded * (block->kernel * block->kernel + block->out);
    }
    total += (double)side * side * blocks[count - 1].out * CS_HEAD_CHANNELS;
    free(blocks);
    *macs = total + (double)CS_HEAD_CHANNELS * config->efficientnet.classes;
    return CS_OK;
}

static cs_status describe_image(const cs_config *config, cs_model_info *info, cs_error *error) {
    const int *blocks = config->resnet.blocks;
    double macs = 0;
    cs_status status = CS_OK;
    switch (config->image_kind) {
    case CS_IMAGE_VIT:
        snprintf(info->image_encoder, sizeof info->image_encoder, "ViT, patch %d, %d layers of %d, %d heads",
                 config->vit.patch, config->vit.layers, config->vit.width, config->vit.heads);
        macs = vit_macs(config);
        break;
    case CS_IMAGE_RESNET:
        snprintf(info->image_encoder, sizeof info->image_encoder, "modified ResNet, width %d, blocks %d, %d, %d, %d",
                 config->resnet.width, blocks[0], blocks[1], blocks[2], blocks[3]);
        macs = resnet_macs(config);
        break;
    case CS_IMAGE_EFFICIENTNET:
        snprintf(info->image_encoder, sizeof info->image_encoder, "EfficientNet-Lite, width %g, depth %g",
                 (double)config->efficientnet.width_coefficient, (double)config->efficientnet.depth_coefficient);
        status = efficientnet_macs(config, &macs, error);
        break;
    }
    info->image_gmac = macs * 1e-9;
    return status;
}

static void describe_text(const cs_config *config, cs_model_info *info) {
    const cs_text_config *text = &config->text;
    snprintf(info->text_encoder, sizeof info->text_encoder, "%d layers of %d, %d heads", text->layers, text->width,
             text->heads);
    info->context = text->context;
    info->text_gmac =
        (transformer_macs(text->layers, text->width, text->mlp, text->context) + (double)text->width * config->dim) *
        1e-9;
}

static int is_image_tensor(const char *name) {
    return strncmp(name, "vis", 3) == 0; /* vision_model., visual., visual_projection, visual_head. */
}

/* Numbers that only old files carry, and that no encoder reads. */
static int is_used(const cs_tensor *tensor) {
    return tensor->dtype == CS_F32 || tensor->dtype == CS_F16 || tensor->dtype == CS_BF16;
}

static void count_parameters(const cs_checkpoint *checkpoint, cs_model_info *info) {
    for (size_t i = 0; i < cs_checkpoint_count(checkpoint); i++) {
        const cs_tensor *tensor = cs_checkpoint_at(checkpoint, i);
        uint64_t count = 1;
        info->checkpoint_bytes += tensor->bytes;
        if (!is_used(tensor)) continue;
        for (int d = 0; d < tensor->dims; d++)
            count *= (uint64_t)tensor->shape[d];
        info->parameters += count;
        *(is_image_tensor(tensor->name) ? &info->image_parameters : &info->text_parameters) += count;
    }
}

/* What a batch of 32 pictures keeps alive beside the weights, roughly: the states, queries, keys, values and hidden
 * layer of a transformer; a convolutional network works on few pictures at a time. */
static uint64_t working_bytes(const cs_config *config) {
    const uint64_t fixed = 48u << 20;
    if (config->image_kind != CS_IMAGE_VIT) return fixed + (64u << 20);
    uint64_t side = (uint64_t)(config->image_size / config->vit.patch), tokens = side * side + 1;
    uint64_t per_token = 6 * (uint64_t)config->vit.width + (uint64_t)config->vit.mlp;
    return fixed + 32 * tokens * per_token * sizeof(float);
}

/* The table of tokens stays on disk. */
static uint64_t weight_bytes(const cs_config *config, const cs_model_info *info) {
    uint64_t tokens = (uint64_t)config->text.vocabulary * (uint64_t)config->text.width;
    return (info->parameters > tokens ? info->parameters - tokens : 0) * sizeof(float);
}

static cs_status inspect_weights(const char *folder, const cs_config *config, cs_model_info *info, cs_error *error) {
    char *file;
    cs_checkpoint *checkpoint;
    cs_status status = cs_weights_file(folder, config->layout, &file, error);
    if (status != CS_OK) return status;
    status = cs_checkpoint_open(file, &checkpoint, error);
    free(file);
    if (status != CS_OK) return status;
    count_parameters(checkpoint, info);
    cs_checkpoint_close(checkpoint);
    info->memory_bytes = weight_bytes(config, info) + working_bytes(config);
    return CS_OK;
}

cs_status cs_model_inspect(const char *folder, cs_model_info *info, cs_error *error) {
    static const char *const layouts[] = {"starter", "transformers", "OpenCLIP"};
    cs_config config;
    cs_model_info made = {0};
    cs_status status = cs_config_load(folder, &config, error);
    if (status != CS_OK) return status;
    snprintf(made.model_type, sizeof made.model_type, "%s", config.model_type);
    snprintf(made.layout, sizeof made.layout, "%s", layouts[config.layout]);
    made.image_size = config.image_size;
    made.dim = config.dim;
    describe_text(&config, &made);
    status = describe_image(&config, &made, error);
    if (status == CS_OK) status = inspect_weights(folder, &config, &made, error);
    cs_config_clear(&config);
    if (status == CS_OK) *info = made;
    return status;
}

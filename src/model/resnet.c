#include "model/resnet.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/resnet_internal.h"
#include "model/unit.h"

/* Pictures that go through the convolutions together: more would leave the cache. */
enum { GROUP = 4 };

enum { SLOT_A, SLOT_B, SLOT_REDUCED, SLOT_MIDDLE, SLOT_POOLED, SLOT_PICTURES };

static cs_status get_map(cs_resnet *net, int slot, cs_resnet_map *map, cs_error *error) {
    map->slot = slot;
    return cs_workspace_get(&net->workspace, slot,
                            (size_t)map->n * (size_t)map->height * (size_t)map->width * (size_t)map->channels,
                            &map->data, error);
}

/* A convolution with a kernel of 1 or 3 and padding that keeps the size, or halves it with stride 2. */
static cs_status convolve(cs_resnet *net, cs_layer *layer, int kernel, int stride, const cs_resnet_map *from,
                          cs_resnet_map *to, cs_error *error) {
    const int pad = kernel / 2;
    const cs_conv_size size = {from->n, from->height, from->width, to->height, to->width, stride, 1, pad, pad};
    return net->ops->run_conv(net->nn, layer, &size, from->data, to->data, error);
}

/* Halves a map by means of 2 x 2 into `slot`. */
static cs_status halve(cs_resnet *net, int slot, cs_resnet_map *map, cs_error *error) {
    cs_resnet_map half = {map->n, map->height / 2, map->width / 2, map->channels, NULL, 0};
    cs_status status = get_map(net, slot, &half, error);
    if (status == CS_OK)
        status = net->ops->mean_pool(net->nn, map->n, map->height, map->width, map->channels, 2, map->data, half.data,
                                     error);
    if (status == CS_OK) *map = half;
    return status;
}

/* input: the pictures' size; its data are not yet there. */
static cs_status run_stem(cs_resnet *net, const float *pictures, cs_resnet_map input, cs_resnet_map *map,
                          cs_error *error) {
    int width = net->config.width;
    cs_resnet_map a = {input.n, (input.height + 1) / 2, (input.width + 1) / 2, width / 2, NULL, 0}, b = a, c = a;
    size_t count = (size_t)input.n * (size_t)input.height * (size_t)input.width * 3;
    c.channels = width;
    cs_status status = get_map(net, SLOT_PICTURES, &input, error);
    if (status == CS_OK) status = get_map(net, SLOT_REDUCED, &a, error);
    if (status == CS_OK) status = get_map(net, SLOT_MIDDLE, &b, error);
    if (status == CS_OK) status = get_map(net, SLOT_POOLED, &c, error);
    if (status != CS_OK) return status;
    net->ops->upload(net->nn, input.data, pictures, count);
    status = convolve(net, net->layers.stem[0], 3, 2, &input, &a, error);
    if (status == CS_OK) status = convolve(net, net->layers.stem[1], 3, 1, &a, &b, error);
    if (status == CS_OK) status = convolve(net, net->layers.stem[2], 3, 1, &b, &c, error);
    if (status == CS_OK) status = halve(net, SLOT_A, &c, error);
    *map = c;
    return status;
}

/* Puts the shortcut where the block's result will be added to it. */
static cs_status run_shortcut(cs_resnet *net, const cs_bottleneck *block, const cs_resnet_map *map, cs_resnet_map *out,
                              cs_error *error) {
    if (!block->shortcut) {
        *out = *map;
        return CS_OK;
    }
    cs_resnet_map input = *map;
    cs_status status = CS_OK;
    if (block->stride > 1) status = halve(net, SLOT_POOLED, &input, error);
    *out = (cs_resnet_map){map->n, input.height, input.width, block->planes * CS_EXPANSION, NULL, 0};
    if (status == CS_OK) status = get_map(net, SLOT_A + SLOT_B - map->slot, out, error);
    return status == CS_OK ? convolve(net, block->shortcut, 1, 1, &input, out, error) : status;
}

static cs_status run_block(cs_resnet *net, const cs_bottleneck *block, cs_resnet_map *map, cs_error *error) {
    cs_resnet_map reduced = {map->n, map->height, map->width, block->planes, NULL, 0}, middle = reduced, out;
    cs_status status = get_map(net, SLOT_REDUCED, &reduced, error);
    if (status == CS_OK) status = get_map(net, SLOT_MIDDLE, &middle, error);
    if (status == CS_OK) status = convolve(net, block->reduce, 1, 1, map, &reduced, error);
    if (status == CS_OK) status = convolve(net, block->middle, 3, 1, &reduced, &middle, error);
    if (status == CS_OK && block->stride > 1) status = halve(net, SLOT_REDUCED, &middle, error);
    if (status == CS_OK) status = run_shortcut(net, block, map, &out, error);
    if (status == CS_OK) status = convolve(net, block->expand, 1, 1, &middle, &out, error);
    if (status == CS_OK) *map = out;
    return status;
}

/* Copies the map of one picture out. */
static cs_status keep_features(const cs_resnet *net, const cs_resnet_map *map, cs_features *features, cs_error *error) {
    size_t count = (size_t)map->height * (size_t)map->width * (size_t)map->channels;
    float *data = cs_alloc(count, sizeof *data);
    if (!data) return cs_fail_memory(error, "features");
    net->ops->download(net->nn, data, map->data, count);
    *features = (cs_features){map->height, map->width, map->channels, data};
    return CS_OK;
}

cs_status cs_resnet_run(cs_resnet *net, const float *pictures, int n, int height, int width, cs_resnet_map *map,
                        cs_features *middle, cs_error *error) {
    const cs_resnet_map input = {n, height, width, 3, NULL, 0};
    const int last_of_third = net->config.blocks[0] + net->config.blocks[1] + net->config.blocks[2] - 1;
    cs_status status = run_stem(net, pictures, input, map, error);
    for (int i = 0; status == CS_OK && i < net->layers.count; i++) {
        status = run_block(net, &net->layers.blocks[i], map, error);
        if (status == CS_OK && middle && i == last_of_third) status = keep_features(net, map, middle, error);
    }
    return status;
}

cs_status cs_resnet_tokens(cs_resnet *net, const cs_resnet_map *map, const float *first, float **tokens,
                           cs_error *error) {
    int cells = map->height * map->width;
    size_t count = (size_t)map->n * ((size_t)cells + 1) * (size_t)map->channels;
    const float *positions;
    cs_status status = cs_positions_get(&net->positions, map->height, map->width, &positions, error);
    if (status == CS_OK) status = cs_workspace_get(&net->pool_workspace, CS_POOL_TOKENS, count, tokens, error);
    if (status != CS_OK) return status;
    return net->ops->assemble(net->nn, map->n, cells, map->channels, map->data, first, 1, positions, *tokens, error);
}

/* The mean of the map and its cells become tokens; the first one's view of all of them is the picture's embedding. */
static cs_status pool(cs_resnet *net, const cs_resnet_map *map, float *out, cs_error *error) {
    int n = map->n, tokens = map->height * map->width + 1, width = map->channels;
    const cs_attention_size size = {n, tokens, width / CS_POOL_HEAD_WIDTH, CS_POOL_HEAD_WIDTH, 0, 1};
    size_t count = (size_t)n * (size_t)tokens * (size_t)width, embeddings = (size_t)n * (size_t)net->base.dim;
    float *mean, *states, *qkv, *projected;
    cs_workspace *workspace = &net->pool_workspace;
    cs_status status = cs_workspace_get(workspace, CS_POOL_MEAN, (size_t)n * (size_t)width, &mean, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_QKV, 3 * count, &qkv, error);
    if (status == CS_OK) status = cs_workspace_get(workspace, CS_POOL_OUT, embeddings, &projected, error);
    if (status == CS_OK)
        status = net->ops->global_mean(net->nn, n, map->height, map->width, width, map->data, mean, error);
    if (status == CS_OK) status = cs_resnet_tokens(net, map, mean, &states, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.qkv, n * tokens, states, qkv, error);
    if (status == CS_OK) status = net->ops->attention(net->nn, &size, qkv, mean, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.out, n, mean, projected, error);
    if (status == CS_OK) net->ops->download(net->nn, out, projected, embeddings);
    return status;
}

static cs_status encode_group(cs_resnet *net, const float *pictures, int n, float *out, cs_error *error) {
    int size = net->base.image_size;
    cs_resnet_map map;
    cs_status status = cs_resnet_run(net, pictures, n, size, size, &map, NULL, error);
    return status == CS_OK ? pool(net, &map, out, error) : status;
}

static cs_status encode(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    cs_resnet *net = (cs_resnet *)encoder;
    size_t picture = (size_t)encoder->image_size * (size_t)encoder->image_size * 3;
    cs_status status = CS_OK;
    for (int first = 0; status == CS_OK && first < n; first += GROUP)
        status = encode_group(net, pictures + (size_t)first * picture, n - first < GROUP ? n - first : GROUP,
                              out + (size_t)first * (size_t)encoder->dim, error);
    if (status == CS_OK) cs_to_unit_length(out, (size_t)n, (size_t)encoder->dim);
    return status;
}

static void destroy(cs_image_encoder *encoder) {
    cs_resnet *net = (cs_resnet *)encoder;
    cs_workspace_clear(&net->workspace);
    cs_workspace_clear(&net->pool_workspace);
    cs_workspace_clear(&net->score_workspace);
    cs_positions_clear(&net->positions);
    cs_resnet_layers_free(net->ops, net->nn, &net->layers);
    free(net);
}

/* The library that writes this layout resizes with antialiasing. */
static void init_positions(const cs_weights *weights, cs_resnet *net) {
    net->positions = (cs_positions){.ops = weights->ops,
                                    .nn = weights->nn,
                                    .table = net->layers.positions,
                                    .side = net->base.image_size / CS_RESNET_STEP,
                                    .width = net->config.width * CS_POOL_CHANNELS,
                                    .filter = CS_POSITIONS_ANTIALIAS};
}

cs_status cs_resnet_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                           cs_error *error) {
    static const cs_image_encoder_ops operations = {.encode = encode,
                                                    .dense_size = cs_resnet_dense_size,
                                                    .dense = cs_resnet_dense,
                                                    .regions = cs_resnet_regions,
                                                    .destroy = destroy};
    static const char *const variants[] = {"maskclip", NULL};
    cs_resnet *net = cs_alloc_zero(1, sizeof *net);
    if (!net) return cs_fail_memory(error, "an image encoder");
    net->base = (cs_image_encoder){&operations, config->image_size, config->dim, CS_RESNET_STEP, variants, NULL};
    net->ops = weights->ops;
    net->nn = weights->nn;
    net->config = config->resnet;
    cs_workspace_init(&net->workspace, weights->ops, weights->nn);
    cs_workspace_init(&net->pool_workspace, weights->ops, weights->nn);
    cs_workspace_init(&net->score_workspace, weights->ops, weights->nn);
    cs_status status = cs_resnet_layers_load(weights, config, &net->layers, error);
    if (status != CS_OK) {
        destroy(&net->base);
        return status;
    }
    init_positions(weights, net);
    *encoder = &net->base;
    return CS_OK;
}

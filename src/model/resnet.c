#include "model/resnet.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/resnet_load.h"
#include "model/unit.h"
#include "model/workspace.h"

/* Pictures that go through the convolutions together: more would leave the cache. */
enum { GROUP = 4 };

enum { SLOT_A, SLOT_B, SLOT_REDUCED, SLOT_MIDDLE, SLOT_POOLED, SLOT_TOKENS, SLOT_QKV, SLOT_OUT };

typedef struct resnet {
    cs_image_encoder base;
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_resnet_config config;
    cs_resnet_layers layers;
    cs_workspace workspace;
} resnet;

/* A feature map [n, side, side, channels] on the device. */
typedef struct feature_map {
    int n, side, channels;
    float *data;
    int slot; /* SLOT_A or SLOT_B, for the maps between blocks */
} feature_map;

static cs_status get_map(resnet *net, int slot, feature_map *map, cs_error *error) {
    map->slot = slot;
    return cs_workspace_get(&net->workspace, slot,
                            (size_t)map->n * (size_t)map->side * (size_t)map->side * (size_t)map->channels, &map->data,
                            error);
}

/* A convolution with a kernel of 1 or 3 and padding that keeps the size, or halves it with stride 2. */
static cs_status convolve(resnet *net, cs_layer *layer, int kernel, int stride, const feature_map *from,
                          feature_map *to, cs_error *error) {
    const int pad = kernel / 2;
    const cs_conv_size size = {from->n, from->side, from->side, to->side, to->side, stride, 1, pad, pad};
    return net->ops->run_conv(net->nn, layer, &size, from->data, to->data, error);
}

/* Halves a map by means of 2 x 2 into `slot`. */
static cs_status halve(resnet *net, int slot, feature_map *map, cs_error *error) {
    feature_map half = {map->n, map->side / 2, map->channels, NULL, 0};
    cs_status status = get_map(net, slot, &half, error);
    if (status == CS_OK)
        status =
            net->ops->mean_pool(net->nn, map->n, map->side, map->side, map->channels, 2, map->data, half.data, error);
    if (status == CS_OK) *map = half;
    return status;
}

static cs_status run_stem(resnet *net, const float *pictures, int n, feature_map *map, cs_error *error) {
    int size = net->base.image_size, width = net->config.width;
    feature_map input = {n, size, 3, NULL, 0}, a = {n, (size + 1) / 2, width / 2, NULL, 0}, b = a, c = a;
    size_t count = (size_t)n * (size_t)size * (size_t)size * 3;
    c.channels = width;
    cs_status status = get_map(net, SLOT_TOKENS, &input, error);
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
static cs_status run_shortcut(resnet *net, const cs_bottleneck *block, const feature_map *map, feature_map *out,
                              cs_error *error) {
    if (!block->shortcut) {
        *out = *map;
        return CS_OK;
    }
    feature_map input = *map;
    cs_status status = CS_OK;
    if (block->stride > 1) status = halve(net, SLOT_POOLED, &input, error);
    *out = (feature_map){map->n, input.side, block->planes * CS_EXPANSION, NULL, 0};
    if (status == CS_OK) status = get_map(net, SLOT_A + SLOT_B - map->slot, out, error);
    return status == CS_OK ? convolve(net, block->shortcut, 1, 1, &input, out, error) : status;
}

static cs_status run_block(resnet *net, const cs_bottleneck *block, feature_map *map, cs_error *error) {
    feature_map reduced = {map->n, map->side, block->planes, NULL, 0}, middle = reduced, out;
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

/* The mean of the map and its cells become tokens; the first one's view of all of them is the picture's embedding. */
static cs_status pool(resnet *net, const feature_map *map, float *out, cs_error *error) {
    int n = map->n, cells = map->side * map->side, tokens = cells + 1, width = map->channels;
    const cs_attention_size size = {n, tokens, width / CS_POOL_HEAD_WIDTH, CS_POOL_HEAD_WIDTH, 0};
    size_t count = (size_t)n * (size_t)tokens * (size_t)width, embeddings = (size_t)n * (size_t)net->base.dim;
    float *mean, *states, *qkv, *projected;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_POOLED, (size_t)n * (size_t)width, &mean, error);
    if (status == CS_OK) status = cs_workspace_get(&net->workspace, SLOT_TOKENS, count, &states, error);
    if (status == CS_OK) status = cs_workspace_get(&net->workspace, SLOT_QKV, 3 * count, &qkv, error);
    if (status == CS_OK) status = cs_workspace_get(&net->workspace, SLOT_OUT, embeddings, &projected, error);
    if (status == CS_OK)
        status = net->ops->global_mean(net->nn, n, map->side, map->side, width, map->data, mean, error);
    if (status == CS_OK)
        status = net->ops->assemble(net->nn, n, cells, width, map->data, mean, 1, net->layers.positions, states, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.qkv, n * tokens, states, qkv, error);
    if (status == CS_OK) status = net->ops->attention(net->nn, &size, qkv, states, error);
    if (status == CS_OK) status = net->ops->take_first(net->nn, n, tokens, width, states, mean, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->layers.out, n, mean, projected, error);
    if (status == CS_OK) net->ops->download(net->nn, out, projected, embeddings);
    return status;
}

static cs_status encode_group(resnet *net, const float *pictures, int n, float *out, cs_error *error) {
    feature_map map;
    cs_status status = run_stem(net, pictures, n, &map, error);
    for (int i = 0; status == CS_OK && i < net->layers.count; i++)
        status = run_block(net, &net->layers.blocks[i], &map, error);
    return status == CS_OK ? pool(net, &map, out, error) : status;
}

static cs_status encode(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    resnet *net = (resnet *)encoder;
    size_t picture = (size_t)encoder->image_size * (size_t)encoder->image_size * 3;
    cs_status status = CS_OK;
    for (int first = 0; status == CS_OK && first < n; first += GROUP)
        status = encode_group(net, pictures + (size_t)first * picture, n - first < GROUP ? n - first : GROUP,
                              out + (size_t)first * (size_t)encoder->dim, error);
    if (status == CS_OK) cs_to_unit_length(out, (size_t)n, (size_t)encoder->dim);
    return status;
}

static void destroy(cs_image_encoder *encoder) {
    resnet *net = (resnet *)encoder;
    cs_workspace_clear(&net->workspace);
    cs_resnet_layers_free(net->ops, net->nn, &net->layers);
    free(net);
}

cs_status cs_resnet_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                           cs_error *error) {
    static const cs_image_encoder_ops operations = {.encode = encode, .destroy = destroy};
    resnet *net = cs_alloc_zero(1, sizeof *net);
    if (!net) return cs_fail_memory(error, "an image encoder");
    net->base = (cs_image_encoder){&operations, config->image_size, config->dim, 1, NULL};
    net->ops = weights->ops;
    net->nn = weights->nn;
    net->config = config->resnet;
    cs_workspace_init(&net->workspace, weights->ops, weights->nn);
    cs_status status = cs_resnet_layers_load(weights, config, &net->layers, error);
    if (status != CS_OK) {
        destroy(&net->base);
        return status;
    }
    *encoder = &net->base;
    return CS_OK;
}

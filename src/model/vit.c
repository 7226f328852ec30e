#include "model/vit.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/names.h"
#include "model/unit.h"
#include "model/vit_internal.h"

enum { SLOT_PICTURES, SLOT_PATCHES, SLOT_STATES, SLOT_FIRST, SLOT_OUT };

static void destroy(cs_image_encoder *encoder) {
    cs_vit *net = (cs_vit *)encoder;
    float *const vectors[] = {net->class_token, net->position_table, net->pre_gain,
                              net->pre_bias,    net->post_gain,      net->post_bias};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cs_weights_free_vector(net->ops, net->nn, vectors[i]);
    cs_weights_free_layer(net->ops, net->nn, net->patches);
    cs_weights_free_layer(net->ops, net->nn, net->projection);
    cs_transformer_destroy(net->transformer);
    cs_positions_clear(&net->positions);
    cs_workspace_clear(&net->workspace);
    cs_workspace_clear(&net->dense_workspace);
    cs_workspace_clear(&net->score_workspace);
    free(net);
}

cs_patch_grid cs_vit_grid(const cs_vit *net, int height, int width) {
    int rows = height / net->config.patch, cols = width / net->config.patch;
    return (cs_patch_grid){rows, cols, rows * cols};
}

/* patches: device, [n, count, width]; states: device, [n, 1 + count, width]. */
static cs_status add_positions(cs_vit *net, int n, const cs_patch_grid *grid, const float *patches, float *states,
                               cs_error *error) {
    int width = net->config.width;
    const float *positions;
    cs_status status = cs_positions_get(&net->positions, grid->rows, grid->cols, &positions, error);
    if (status == CS_OK)
        status =
            net->ops->assemble(net->nn, n, grid->count, width, patches, net->class_token, 0, positions, states, error);
    if (status == CS_OK)
        status = net->ops->layer_norm(net->nn, n * (grid->count + 1), width, net->config.epsilon, net->pre_gain,
                                      net->pre_bias, states, states, error);
    return status;
}

cs_status cs_vit_embed(cs_vit *net, const float *pictures, int n, int height, int width, float **states,
                       cs_error *error) {
    const cs_patch_grid grid = cs_vit_grid(net, height, width);
    const cs_conv_size shape = {n, height, width, grid.rows, grid.cols, net->config.patch, 1, 0, 0};
    size_t count = (size_t)n * (size_t)height * (size_t)width * 3, row = (size_t)n * (size_t)net->config.width;
    float *input, *patches;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_PICTURES, count, &input, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_PATCHES, row * (size_t)grid.count, &patches, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_STATES, row * ((size_t)grid.count + 1), states, error);
    if (status != CS_OK) return status;
    net->ops->upload(net->nn, input, pictures, count);
    status = net->ops->run_conv(net->nn, net->patches, &shape, input, patches, error);
    return status == CS_OK ? add_positions(net, n, &grid, patches, *states, error) : status;
}

cs_status cs_vit_project(cs_vit *net, int rows, float *states, float **embeddings, cs_error *error) {
    cs_status status =
        cs_workspace_get(&net->workspace, SLOT_OUT, (size_t)rows * (size_t)net->base.dim, embeddings, error);
    if (status == CS_OK)
        status = net->ops->layer_norm(net->nn, rows, net->config.width, net->config.epsilon, net->post_gain,
                                      net->post_bias, states, states, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->projection, rows, states, *embeddings, error);
    return status;
}

static cs_status encode(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    cs_vit *net = (cs_vit *)encoder;
    int tokens = net->side * net->side + 1, width = net->config.width;
    size_t count = (size_t)n * (size_t)encoder->dim;
    float *states, *first, *embeddings;
    cs_status status = cs_vit_embed(net, pictures, n, encoder->image_size, encoder->image_size, &states, error);
    if (status == CS_OK)
        status = cs_workspace_get(&net->workspace, SLOT_FIRST, (size_t)n * (size_t)width, &first, error);
    if (status == CS_OK) status = cs_transformer_run_to_first(net->transformer, n, tokens, states, first, error);
    if (status == CS_OK) status = cs_vit_project(net, n, first, &embeddings, error);
    if (status != CS_OK) return status;
    net->ops->download(net->nn, out, embeddings, count);
    cs_to_unit_length(out, (size_t)n, (size_t)encoder->dim);
    return CS_OK;
}

static cs_status load_patches(const cs_weights *weights, const char *name, cs_vit *net, cs_error *error) {
    const cs_vit_config *config = &net->config;
    const cs_conv_spec spec = {3, config->width, config->patch, 0, CS_ACT_NONE, 0, CS_TOLERATES_INT8};
    const int64_t shape[] = {config->width, 3, config->patch, config->patch};
    float *host;
    cs_status status = cs_weights_read(weights, name, 4, shape, &host, error);
    if (status != CS_OK) return status;
    status = weights->ops->conv(weights->nn, &spec, host, NULL, &net->patches, error);
    free(host);
    return status;
}

static cs_status load(const cs_weights *weights, cs_layout layout, cs_vit *net, cs_error *error) {
    const cs_vit_names *names = cs_vit_names_of(layout);
    const cs_vit_config *config = &net->config;
    const cs_transformer_config shape = {.layers = config->layers,
                                         .width = config->width,
                                         .heads = config->heads,
                                         .mlp = config->mlp,
                                         .activation = config->activation,
                                         .epsilon = config->epsilon,
                                         .tolerance = CS_TOLERATES_INT8};
    const cs_linear_spec projection = {config->width, net->base.dim, CS_ACT_NONE, 0, CS_TOLERATES_NONE};
    cs_status status = load_patches(weights, names->patches, net, error);
    if (status == CS_OK)
        status = cs_weights_vector(weights, names->class_token, config->width, &net->class_token, error);
    if (status == CS_OK)
        status = cs_weights_table(weights, names->positions, net->side * net->side + 1, config->width,
                                  &net->position_table, error);
    if (status == CS_OK)
        status = cs_weights_norm(weights, "", names->pre_norm, config->width, &net->pre_gain, &net->pre_bias, error);
    if (status == CS_OK)
        status = cs_transformer_create(weights, names->blocks, names->block, &shape, &net->transformer, error);
    if (status == CS_OK)
        status = cs_weights_norm(weights, "", names->post_norm, config->width, &net->post_gain, &net->post_bias, error);
    if (status == CS_OK)
        status = cs_weights_matrix(weights, names->projection, &projection, names->projection_in_out, &net->projection,
                                   error);
    return status;
}

/* transformers and open_clip resize position embeddings differently. */
static void init_positions(const cs_weights *weights, cs_layout layout, cs_vit *net) {
    net->positions =
        (cs_positions){.ops = weights->ops,
                       .nn = weights->nn,
                       .table = net->position_table,
                       .side = net->side,
                       .width = net->config.width,
                       .filter = layout == CS_LAYOUT_OPENCLIP ? CS_POSITIONS_ANTIALIAS : CS_POSITIONS_PLAIN};
}

cs_status cs_vit_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                        cs_error *error) {
    static const cs_image_encoder_ops operations = {.encode = encode,
                                                    .dense_size = cs_vit_dense_size,
                                                    .dense = cs_vit_dense,
                                                    .regions = cs_vit_regions,
                                                    .destroy = destroy};
    static const char *const variants[] = {"sc-clip", "naclip", "clearclip", "maskclip", NULL};
    cs_vit *net = cs_alloc_zero(1, sizeof *net);
    if (!net) return cs_fail_memory(error, "an image encoder");
    net->base = (cs_image_encoder){&operations, config->image_size, config->dim, config->vit.patch, variants, NULL};
    net->ops = weights->ops;
    net->nn = weights->nn;
    net->config = config->vit;
    net->side = config->image_size / config->vit.patch;
    cs_workspace_init(&net->workspace, weights->ops, weights->nn);
    cs_workspace_init(&net->dense_workspace, weights->ops, weights->nn);
    cs_workspace_init(&net->score_workspace, weights->ops, weights->nn);
    cs_status status = load(weights, config->layout, net, error);
    if (status != CS_OK) {
        destroy(&net->base);
        return status;
    }
    init_positions(weights, config->layout, net);
    *encoder = &net->base;
    return CS_OK;
}

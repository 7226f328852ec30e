#include "model/vit.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/names.h"
#include "model/transformer.h"
#include "model/unit.h"
#include "model/workspace.h"

enum { SLOT_PICTURES, SLOT_PATCHES, SLOT_STATES, SLOT_FIRST, SLOT_OUT };

typedef struct vit {
    cs_image_encoder base;
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_vit_config config;
    int side; /* patches along one side */
    cs_layer *patches, *projection;
    float *class_token; /* device, [width] */
    float *positions;   /* device, [1 + side * side, width] */
    float *pre_gain, *pre_bias, *post_gain, *post_bias;
    cs_transformer *transformer;
    cs_workspace workspace;
} vit;

static void destroy(cs_image_encoder *encoder) {
    vit *net = (vit *)encoder;
    float *const vectors[] = {net->class_token, net->positions, net->pre_gain,
                              net->pre_bias,    net->post_gain, net->post_bias};
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++)
        cs_weights_free_vector(net->ops, net->nn, vectors[i]);
    cs_weights_free_layer(net->ops, net->nn, net->patches);
    cs_weights_free_layer(net->ops, net->nn, net->projection);
    cs_transformer_destroy(net->transformer);
    cs_workspace_clear(&net->workspace);
    free(net);
}

/* [n, size, size, 3] to the states before the first block [n, tokens, width]. */
static cs_status embed_patches(vit *net, const float *pictures, int n, float *states, cs_error *error) {
    int size = net->base.image_size, width = net->config.width, cells = net->side * net->side;
    const cs_conv_size shape = {n, size, size, net->side, net->side, net->config.patch, 1, 0, 0};
    size_t count = (size_t)n * (size_t)size * (size_t)size * 3;
    float *input, *patches;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_PICTURES, count, &input, error);
    if (status == CS_OK)
        status =
            cs_workspace_get(&net->workspace, SLOT_PATCHES, (size_t)n * (size_t)cells * (size_t)width, &patches, error);
    if (status != CS_OK) return status;
    net->ops->upload(net->nn, input, pictures, count);
    status = net->ops->run_conv(net->nn, net->patches, &shape, input, patches, error);
    if (status == CS_OK)
        status =
            net->ops->assemble(net->nn, n, cells, width, patches, net->class_token, 0, net->positions, states, error);
    if (status == CS_OK)
        status = net->ops->layer_norm(net->nn, n * (cells + 1), width, net->config.epsilon, net->pre_gain,
                                      net->pre_bias, states, states, error);
    return status;
}

/* Final states to embeddings of any length, on the host. */
static cs_status project(vit *net, int n, const float *states, float *out, cs_error *error) {
    int width = net->config.width, tokens = net->side * net->side + 1;
    float *first, *projected;
    size_t count = (size_t)n * (size_t)net->base.dim;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_FIRST, (size_t)n * (size_t)width, &first, error);
    if (status == CS_OK) status = cs_workspace_get(&net->workspace, SLOT_OUT, count, &projected, error);
    if (status == CS_OK) status = net->ops->take_first(net->nn, n, tokens, width, states, first, error);
    if (status == CS_OK)
        status = net->ops->layer_norm(net->nn, n, width, net->config.epsilon, net->post_gain, net->post_bias, first,
                                      first, error);
    if (status == CS_OK) status = net->ops->run_linear(net->nn, net->projection, n, first, projected, error);
    if (status == CS_OK) net->ops->download(net->nn, out, projected, count);
    return status;
}

static cs_status encode(cs_image_encoder *encoder, const float *pictures, int n, float *out, cs_error *error) {
    vit *net = (vit *)encoder;
    int tokens = net->side * net->side + 1;
    float *states;
    cs_status status = cs_workspace_get(&net->workspace, SLOT_STATES,
                                        (size_t)n * (size_t)tokens * (size_t)net->config.width, &states, error);
    if (status == CS_OK) status = embed_patches(net, pictures, n, states, error);
    if (status == CS_OK) status = cs_transformer_run(net->transformer, n, tokens, states, error);
    if (status == CS_OK) status = project(net, n, states, out, error);
    if (status == CS_OK) cs_to_unit_length(out, (size_t)n, (size_t)encoder->dim);
    return status;
}

static cs_status load_patches(const cs_weights *weights, const char *name, vit *net, cs_error *error) {
    const cs_vit_config *config = &net->config;
    const cs_conv_spec spec = {3, config->width, config->patch, 0, CS_ACT_NONE, 0};
    const int64_t shape[] = {config->width, 3, config->patch, config->patch};
    float *host;
    cs_status status = cs_weights_read(weights, name, 4, shape, &host, error);
    if (status != CS_OK) return status;
    status = weights->ops->conv(weights->nn, &spec, host, NULL, &net->patches, error);
    free(host);
    return status;
}

static cs_status load(const cs_weights *weights, cs_layout layout, vit *net, cs_error *error) {
    const cs_vit_names *names = cs_vit_names_of(layout);
    const cs_vit_config *config = &net->config;
    const cs_transformer_config shape = {.layers = config->layers,
                                         .width = config->width,
                                         .heads = config->heads,
                                         .mlp = config->mlp,
                                         .activation = config->activation,
                                         .epsilon = config->epsilon};
    const cs_linear_spec projection = {config->width, net->base.dim, CS_ACT_NONE, 0};
    cs_status status = load_patches(weights, names->patches, net, error);
    if (status == CS_OK)
        status = cs_weights_vector(weights, names->class_token, config->width, &net->class_token, error);
    if (status == CS_OK)
        status = cs_weights_table(weights, names->positions, net->side * net->side + 1, config->width, &net->positions,
                                  error);
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

cs_status cs_vit_create(const cs_weights *weights, const cs_config *config, cs_image_encoder **encoder,
                        cs_error *error) {
    static const cs_image_encoder_ops operations = {.encode = encode, .destroy = destroy};
    vit *net = cs_alloc_zero(1, sizeof *net);
    if (!net) return cs_fail_memory(error, "an image encoder");
    net->base = (cs_image_encoder){&operations, config->image_size, config->dim, 1, NULL};
    net->ops = weights->ops;
    net->nn = weights->nn;
    net->config = config->vit;
    net->side = config->image_size / config->vit.patch;
    cs_workspace_init(&net->workspace, weights->ops, weights->nn);
    cs_status status = load(weights, config->layout, net, error);
    if (status != CS_OK) {
        destroy(&net->base);
        return status;
    }
    *encoder = &net->base;
    return CS_OK;
}

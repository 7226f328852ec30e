#include "model/text_encoder.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/transformer.h"
#include "model/unit.h"
#include "model/workspace.h"

/* Texts encoded together: enough to fill the matrix products, few enough for the activations to stay small. */
enum { BATCH = 64 };

enum { SLOT_STATES, SLOT_ENDS, SLOT_OUT };

struct cs_text_encoder {
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_text_config config;
    int dim;
    /* [vocabulary, width], most of a small model, and of that a text needs a few rows: it stays on disk */
    cs_table tokens;
    float *positions; /* host, [context, width] */
    cs_transformer *transformer;
    float *final_gain, *final_bias; /* device, [width] */
    cs_layer *projection;
    cs_workspace workspace;
};

/* OpenCLIP's custom_text models have "text." before every name of this tower. */
static const char *prefix_of(const cs_weights *weights, const cs_text_names *names) {
    char name[256];
    return cs_checkpoint_find(weights->checkpoint, cs_tensor_name(name, "text.", names->tokens)) ? "text." : "";
}

static cs_status load_embeddings(const cs_weights *weights, const cs_text_names *names, const char *prefix,
                                 cs_text_encoder *encoder, cs_error *error) {
    const cs_text_config *config = &encoder->config;
    const int64_t positions[] = {config->context, config->width};
    char name[256];
    cs_status status = cs_checkpoint_table(weights->checkpoint, cs_tensor_name(name, prefix, names->tokens),
                                           config->vocabulary, config->width, &encoder->tokens, error);
    if (status != CS_OK) return status;
    return cs_weights_read(weights, cs_tensor_name(name, prefix, names->positions), 2, positions, &encoder->positions,
                           error);
}

static cs_status load_end(const cs_weights *weights, const cs_text_names *names, const char *prefix,
                          cs_text_encoder *encoder, cs_error *error) {
    const int width = encoder->config.width;
    const cs_linear_spec projection = {width, encoder->dim, CS_ACT_NONE, 0, CS_TOLERATES_NONE};
    char name[256];
    cs_status status =
        cs_weights_norm(weights, prefix, names->final_norm, width, &encoder->final_gain, &encoder->final_bias, error);
    if (status != CS_OK) return status;
    return cs_weights_matrix(weights, cs_tensor_name(name, prefix, names->projection), &projection,
                             names->projection_in_out, &encoder->projection, error);
}

static cs_status load(const cs_weights *weights, cs_layout layout, cs_text_encoder *encoder, cs_error *error) {
    const cs_text_config *config = &encoder->config;
    const cs_text_names *names = cs_text_names_of(layout);
    const char *prefix = prefix_of(weights, names);
    const cs_transformer_config shape = {.layers = config->layers,
                                         .width = config->width,
                                         .heads = config->heads,
                                         .mlp = config->mlp,
                                         .activation = config->activation,
                                         .epsilon = config->epsilon,
                                         .causal = 1,
                                         .tolerance = CS_TOLERATES_BF16};
    char blocks[256];
    cs_status status = load_embeddings(weights, names, prefix, encoder, error);
    if (status == CS_OK)
        status = cs_transformer_create(weights, cs_tensor_name(blocks, prefix, names->blocks), names->block, &shape,
                                       &encoder->transformer, error);
    return status == CS_OK ? load_end(weights, names, prefix, encoder, error) : status;
}

cs_status cs_text_encoder_create(const cs_weights *weights, const cs_config *config, cs_text_encoder **encoder,
                                 cs_error *error) {
    cs_text_encoder *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a text encoder");
    made->ops = weights->ops;
    made->nn = weights->nn;
    made->config = config->text;
    made->dim = config->dim;
    cs_workspace_init(&made->workspace, weights->ops, weights->nn);
    cs_status status = load(weights, config->layout, made, error);
    if (status != CS_OK) {
        cs_text_encoder_destroy(made);
        return status;
    }
    *encoder = made;
    return CS_OK;
}

void cs_text_encoder_destroy(cs_text_encoder *encoder) {
    if (!encoder) return;
    cs_workspace_clear(&encoder->workspace);
    cs_transformer_destroy(encoder->transformer);
    if (encoder->final_gain) encoder->ops->release(encoder->nn, encoder->final_gain);
    if (encoder->final_bias) encoder->ops->release(encoder->nn, encoder->final_bias);
    if (encoder->projection) encoder->ops->layer_free(encoder->nn, encoder->projection);
    free(encoder->positions);
    free(encoder);
}

/* Token plus position embeddings, [n, longest, width]. What stands behind a text's end is zero: with causal attention
 * it cannot reach the end token. */
static cs_status embed(cs_text_encoder *encoder, const int32_t *ids, size_t stride, const size_t *lengths, size_t n,
                       size_t longest, float *states, cs_error *error) {
    size_t width = (size_t)encoder->config.width;
    memset(states, 0, n * longest * width * sizeof *states);
    for (size_t i = 0; i < n; i++) {
        for (size_t t = 0; t < lengths[i]; t++) {
            int32_t id = ids[i * stride + t];
            if (id < 0 || id >= encoder->config.vocabulary)
                return cs_fail(error, CS_ERR_FORMAT, "the tokenizer gives id %d, but vocab_size is %d", (int)id,
                               encoder->config.vocabulary);
            const float *position = encoder->positions + t * width;
            float *state = states + (i * longest + t) * width;
            cs_table_row(&encoder->tokens, (size_t)id, state);
            for (size_t c = 0; c < width; c++)
                state[c] += position[c];
        }
    }
    return CS_OK;
}

/* States at the end tokens [n, width] to embeddings [n, dim] on the device. */
static cs_status project(cs_text_encoder *encoder, size_t n, const float *ends, float *out, cs_error *error) {
    int width = encoder->config.width;
    float *device, *projected;
    cs_status status = cs_workspace_get(&encoder->workspace, SLOT_ENDS, n * (size_t)width, &device, error);
    if (status == CS_OK)
        status = cs_workspace_get(&encoder->workspace, SLOT_OUT, n * (size_t)encoder->dim, &projected, error);
    if (status != CS_OK) return status;
    encoder->ops->upload(encoder->nn, device, ends, n * (size_t)width);
    status = encoder->ops->layer_norm(encoder->nn, (int)n, width, encoder->config.epsilon, encoder->final_gain,
                                      encoder->final_bias, device, device, error);
    if (status == CS_OK)
        status = encoder->ops->run_linear(encoder->nn, encoder->projection, (int)n, device, projected, error);
    if (status == CS_OK) encoder->ops->download(encoder->nn, out, projected, n * (size_t)encoder->dim);
    return status;
}

/* states: host scratch [n, longest, width]; used for the input and for picking the end tokens out of the output. */
static cs_status run_batch(cs_text_encoder *encoder, const int32_t *ids, size_t stride, const size_t *lengths, size_t n,
                           size_t longest, float *states, float *out, cs_error *error) {
    size_t width = (size_t)encoder->config.width, count = n * longest * width;
    float *device;
    cs_status status = embed(encoder, ids, stride, lengths, n, longest, states, error);
    if (status == CS_OK) status = cs_workspace_get(&encoder->workspace, SLOT_STATES, count, &device, error);
    if (status != CS_OK) return status;
    encoder->ops->upload(encoder->nn, device, states, count);
    status = cs_transformer_run(encoder->transformer, (int)n, (int)longest, device, error);
    if (status != CS_OK) return status;
    encoder->ops->download(encoder->nn, states, device, count);
    for (size_t i = 0; i < n; i++)
        memmove(states + i * width, states + (i * longest + lengths[i] - 1) * width, width * sizeof *states);
    return project(encoder, n, states, out, error);
}

cs_status cs_text_encoder_run(cs_text_encoder *encoder, const int32_t *ids, size_t stride, const size_t *lengths,
                              size_t n, float *out, cs_error *error) {
    size_t dim = (size_t)encoder->dim;
    for (size_t first = 0; first < n; first += BATCH) {
        size_t count = n - first < BATCH ? n - first : BATCH, longest = 0;
        for (size_t i = 0; i < count; i++)
            longest = lengths[first + i] > longest ? lengths[first + i] : longest;
        float *states = cs_alloc(count * longest, (size_t)encoder->config.width * sizeof *states);
        if (!states) return cs_fail_memory(error, "texts");
        cs_status status = run_batch(encoder, ids + first * stride, stride, lengths + first, count, longest, states,
                                     out + first * dim, error);
        free(states);
        if (status != CS_OK) return status;
    }
    cs_table_rest(&encoder->tokens);
    cs_to_unit_length(out, n, dim);
    return CS_OK;
}

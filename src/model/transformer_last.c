/* The last block in the forms that keep each token's own meaning. */
#include "model/transformer_internal.h"

static const cs_block *last_block(const cs_transformer *transformer) {
    return &transformer->blocks[transformer->config.layers - 1];
}

/* mixed = (mixed + weights v) / 2; v is copied to where the second half of the block would work. */
static cs_status average_with(const cs_transformer *transformer, const float *weights, int tokens,
                              const cs_block_scratch *scratch, cs_error *error) {
    int width = transformer->config.width;
    const cs_product size = {tokens, tokens, width, 0, 0.5f, 0.5f};
    cs_status status = transformer->ops->take(transformer->nn, tokens, 3 * width, 2 * width, width, scratch->qkv,
                                              scratch->normed, error);
    if (status != CS_OK) return status;
    return transformer->ops->product(transformer->nn, &size, weights, scratch->normed, scratch->mixed, error);
}

cs_status cs_transformer_attend_last(cs_transformer *transformer, const cs_last_attention *how, int tokens,
                                     const float *states, float *y, cs_error *error) {
    const cs_nn_ops *ops = transformer->ops;
    const cs_transformer_config *config = &transformer->config;
    const cs_block *block = last_block(transformer);
    const cs_attention_size size = {1, tokens, config->heads, config->width / config->heads, 0, 0};
    cs_block_scratch scratch;
    cs_status status = cs_block_scratch_get(transformer, &transformer->workspace, (size_t)tokens, &scratch, error);
    if (status == CS_OK) status = cs_block_qkv(transformer, block, tokens, states, &scratch, error);
    if (status == CS_OK)
        status =
            ops->attention_pairs(transformer->nn, &size, how->pairing, how->bias, scratch.qkv, scratch.mixed, error);
    if (status == CS_OK && how->weights) status = average_with(transformer, how->weights, tokens, &scratch, error);
    if (status != CS_OK) return status;
    return ops->run_linear(transformer->nn, block->out, tokens - how->skip,
                           scratch.mixed + (size_t)how->skip * (size_t)config->width, y, error);
}

cs_status cs_transformer_values_last(cs_transformer *transformer, int tokens, float *states, cs_error *error) {
    const cs_nn_ops *ops = transformer->ops;
    const cs_block *block = last_block(transformer);
    int width = transformer->config.width;
    cs_block_scratch scratch;
    cs_status status = cs_block_scratch_get(transformer, &transformer->workspace, (size_t)tokens, &scratch, error);
    if (status == CS_OK) status = cs_block_qkv(transformer, block, tokens, states, &scratch, error);
    if (status == CS_OK)
        status = ops->take(transformer->nn, tokens, 3 * width, 2 * width, width, scratch.qkv, scratch.mixed, error);
    if (status == CS_OK) status = ops->run_linear(transformer->nn, block->out, tokens, scratch.mixed, states, error);
    if (status == CS_OK) status = cs_block_mlp(transformer, block, tokens, states, &scratch, error);
    return status;
}

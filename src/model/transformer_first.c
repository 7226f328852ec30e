/* A transformer of which only the first token's state is wanted: in the last block the others need be seen only. */
#include "model/transformer.h"
#include "model/transformer_internal.h"

/* The last block for the first token of each sequence. states: [n, tokens, width]; first: [n, width]. */
static cs_status run_last(const cs_transformer *transformer, int n, int tokens, const float *states,
                          const cs_block_scratch *scratch, float *first, cs_error *error) {
    const cs_transformer_config *config = &transformer->config;
    const cs_block *block = &transformer->blocks[config->layers - 1];
    const cs_attention_size size = {n, tokens, config->heads, config->width / config->heads, config->causal, 1};
    const cs_nn_ops *ops = transformer->ops;
    cs_status status = cs_block_qkv(transformer, block, n * tokens, states, scratch, error);
    if (status == CS_OK) status = ops->attention(transformer->nn, &size, scratch->qkv, scratch->mixed, error);
    if (status == CS_OK) status = ops->take_first(transformer->nn, n, tokens, config->width, states, first, error);
    if (status == CS_OK) status = ops->run_linear(transformer->nn, block->out, n, scratch->mixed, first, error);
    if (status == CS_OK) status = cs_block_mlp(transformer, block, n, first, scratch, error);
    return status;
}

cs_status cs_transformer_run_to_first(cs_transformer *transformer, int n, int tokens, float *states, float *first,
                                      cs_error *error) {
    cs_block_scratch scratch;
    cs_status status =
        cs_transformer_run_blocks(transformer, 0, transformer->config.layers - 1, n, tokens, states, error);
    if (status == CS_OK)
        status =
            cs_block_scratch_get(transformer, &transformer->workspace, (size_t)n * (size_t)tokens, &scratch, error);
    return status == CS_OK ? run_last(transformer, n, tokens, states, &scratch, first, error) : status;
}

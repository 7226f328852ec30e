/* Regions of one picture, run beside it. */
#include "model/transformer_internal.h"

/* Regions that go through a block together: memory stays bounded however many there are. */
enum { CHUNK = 128 };

/* One block for up to CHUNK regions. qkv: the picture's in this block. */
static cs_status run_chunk(const cs_transformer *transformer, const cs_block *block, int tokens, const float *qkv,
                           int k, const float *masks, float *regions, const cs_block_scratch *scratch,
                           cs_error *error) {
    const cs_nn_ops *ops = transformer->ops;
    const cs_transformer_config *config = &transformer->config;
    const cs_attention_size size = {1, tokens, config->heads, config->width / config->heads, 0, 0};
    cs_status status = cs_block_qkv(transformer, block, k, regions, scratch, error);
    if (status == CS_OK)
        status = ops->attention_regions(transformer->nn, &size, k, qkv, scratch->qkv, masks, scratch->mixed, error);
    if (status == CS_OK) status = ops->run_linear(transformer->nn, block->out, k, scratch->mixed, regions, error);
    if (status == CS_OK) status = cs_block_mlp(transformer, block, k, regions, scratch, error);
    return status;
}

static cs_status run_chunks(const cs_transformer *transformer, const cs_block *block, int tokens, const float *qkv,
                            int k, const float *masks, float *regions, const cs_block_scratch *scratch,
                            cs_error *error) {
    cs_status status = CS_OK;
    for (int first = 0; status == CS_OK && first < k; first += CHUNK)
        status = run_chunk(transformer, block, tokens, qkv, k - first < CHUNK ? k - first : CHUNK,
                           masks + (size_t)first * ((size_t)tokens - 1),
                           regions + (size_t)first * (size_t)transformer->config.width, scratch, error);
    return status;
}

cs_status cs_transformer_run_regions(cs_transformer *transformer, int tokens, float *states, int k, const float *masks,
                                     float *regions, cs_error *error) {
    int layers = transformer->config.layers;
    cs_block_scratch scratch, own;
    cs_status status = cs_block_scratch_get(transformer, &transformer->workspace, (size_t)tokens, &scratch, error);
    if (status == CS_OK)
        status = cs_block_scratch_get(transformer, &transformer->region_workspace, k < CHUNK ? (size_t)k : CHUNK, &own,
                                      error);
    for (int i = 0; status == CS_OK && i < layers; i++) {
        const cs_block *block = &transformer->blocks[i];
        /* behind the last block nobody asks for the picture itself */
        status = i < layers - 1 ? cs_block_run(transformer, block, 1, tokens, states, &scratch, error)
                                : cs_block_qkv(transformer, block, tokens, states, &scratch, error);
        if (status == CS_OK)
            status = run_chunks(transformer, block, tokens, scratch.qkv, k, masks, regions, &own, error);
    }
    return status;
}

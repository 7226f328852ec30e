#include "model/transformer_internal.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* One matrix [3 width, width] and its bias as a checkpoint stores them: as one tensor each, or as three, which are read
 * one behind the other. `kind` is "weight" or "bias". */
static cs_status read_qkv(const cs_weights *weights, const char *prefix, const cs_block_names *names, const char *kind,
                          int dims, int width, float *out, cs_error *error) {
    const char *const parts[] = {names->q, names->k, names->v};
    const int64_t whole[] = {3 * (int64_t)width, width}, part[] = {width, width};
    size_t count = dims == 2 ? (size_t)width * (size_t)width : (size_t)width;
    char name[256];
    if (names->in_proj) {
        snprintf(name, sizeof name, "%s%s_%s", prefix, names->in_proj, kind);
        return cs_checkpoint_read(weights->checkpoint, name, dims, whole, out, error);
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(name, sizeof name, "%s%s.%s", prefix, parts[i], kind);
        cs_status status = cs_checkpoint_read(weights->checkpoint, name, dims, part, out + i * count, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

cs_status cs_transformer_load_qkv(const cs_weights *weights, const char *prefix, const cs_block_names *names, int width,
                                  cs_tolerance tolerance, cs_layer **layer, cs_error *error) {
    const cs_linear_spec spec = {width, 3 * width, CS_ACT_NONE, 0, tolerance};
    float *weight = cs_alloc((size_t)width * 3, (size_t)width * sizeof *weight);
    float *bias = cs_alloc((size_t)width * 3, sizeof *bias);
    cs_status status = weight && bias ? CS_OK : cs_fail_memory(error, prefix);
    if (status == CS_OK) status = read_qkv(weights, prefix, names, "weight", 2, width, weight, error);
    if (status == CS_OK) status = read_qkv(weights, prefix, names, "bias", 1, width, bias, error);
    if (status == CS_OK) status = weights->ops->linear(weights->nn, &spec, weight, bias, layer, error);
    free(weight);
    free(bias);
    return status;
}

static cs_status load_block(const cs_weights *weights, const char *prefix, const cs_block_names *names,
                            const cs_transformer_config *config, cs_block *made, cs_error *error) {
    char name[256];
    int width = config->width;
    const struct {
        const char *name;
        cs_linear_spec spec;
        cs_layer **layer;
    } layers[] = {{names->out, {width, width, CS_ACT_NONE, 1, config->tolerance}, &made->out},
                  {names->expand, {width, config->mlp, config->activation, 0, config->tolerance}, &made->expand},
                  {names->contract, {config->mlp, width, CS_ACT_NONE, 1, config->tolerance}, &made->contract}};
    cs_status status = cs_transformer_load_qkv(weights, prefix, names, width, config->tolerance, &made->qkv, error);
    if (status == CS_OK)
        status = cs_weights_norm(weights, prefix, names->norm1, width, &made->norm1_gain, &made->norm1_bias, error);
    if (status == CS_OK)
        status = cs_weights_norm(weights, prefix, names->norm2, width, &made->norm2_gain, &made->norm2_bias, error);
    for (size_t i = 0; status == CS_OK && i < sizeof layers / sizeof *layers; i++)
        status = cs_weights_linear(weights, cs_tensor_name(name, prefix, layers[i].name), &layers[i].spec, 1,
                                   layers[i].layer, error);
    return status;
}

cs_status cs_transformer_create(const cs_weights *weights, const char *prefix, const cs_block_names *names,
                                const cs_transformer_config *config, cs_transformer **transformer, cs_error *error) {
    cs_transformer *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a transformer");
    made->ops = weights->ops;
    made->nn = weights->nn;
    made->config = *config;
    cs_workspace_init(&made->workspace, weights->ops, weights->nn);
    cs_workspace_init(&made->region_workspace, weights->ops, weights->nn);
    made->blocks = cs_alloc_zero((size_t)config->layers, sizeof *made->blocks);
    cs_status status = made->blocks ? CS_OK : cs_fail_memory(error, "a transformer");
    for (int i = 0; status == CS_OK && i < config->layers; i++) {
        char name[200];
        snprintf(name, sizeof name, "%s%d.", prefix, i);
        status = load_block(weights, name, names, config, &made->blocks[i], error);
    }
    if (status != CS_OK) {
        cs_transformer_destroy(made);
        return status;
    }
    *transformer = made;
    return CS_OK;
}

static void free_block(cs_transformer *transformer, const cs_block *old) {
    float *const vectors[] = {old->norm1_gain, old->norm1_bias, old->norm2_gain, old->norm2_bias};
    cs_layer *const layers[] = {old->qkv, old->out, old->expand, old->contract};
    for (size_t i = 0; i < 4; i++) {
        if (vectors[i]) transformer->ops->release(transformer->nn, vectors[i]);
        if (layers[i]) transformer->ops->layer_free(transformer->nn, layers[i]);
    }
}

void cs_transformer_destroy(cs_transformer *transformer) {
    if (!transformer) return;
    for (int i = 0; transformer->blocks && i < transformer->config.layers; i++)
        free_block(transformer, &transformer->blocks[i]);
    cs_workspace_clear(&transformer->workspace);
    cs_workspace_clear(&transformer->region_workspace);
    free(transformer->blocks);
    free(transformer);
}

cs_status cs_block_scratch_get(const cs_transformer *transformer, cs_workspace *workspace, size_t rows,
                               cs_block_scratch *scratch, cs_error *error) {
    size_t width = (size_t)transformer->config.width;
    const size_t sizes[] = {rows * width, rows * 3 * width, rows * width, rows * (size_t)transformer->config.mlp};
    float **const buffers[] = {&scratch->normed, &scratch->qkv, &scratch->mixed, &scratch->hidden};
    for (int i = 0; i < 4; i++) {
        cs_status status = cs_workspace_get(workspace, i, sizes[i], buffers[i], error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

cs_status cs_block_qkv(const cs_transformer *transformer, const cs_block *block, int rows, const float *states,
                       const cs_block_scratch *scratch, cs_error *error) {
    const cs_transformer_config *config = &transformer->config;
    cs_status status =
        transformer->ops->layer_norm(transformer->nn, rows, config->width, config->epsilon, block->norm1_gain,
                                     block->norm1_bias, states, scratch->normed, error);
    if (status != CS_OK) return status;
    return transformer->ops->run_linear(transformer->nn, block->qkv, rows, scratch->normed, scratch->qkv, error);
}

cs_status cs_block_mlp(const cs_transformer *transformer, const cs_block *block, int rows, float *states,
                       const cs_block_scratch *scratch, cs_error *error) {
    const cs_nn_ops *ops = transformer->ops;
    const cs_transformer_config *config = &transformer->config;
    cs_nn *nn = transformer->nn;
    cs_status status = ops->layer_norm(nn, rows, config->width, config->epsilon, block->norm2_gain, block->norm2_bias,
                                       states, scratch->normed, error);
    if (status == CS_OK) status = ops->run_linear(nn, block->expand, rows, scratch->normed, scratch->hidden, error);
    if (status == CS_OK) status = ops->run_linear(nn, block->contract, rows, scratch->hidden, states, error);
    return status;
}

cs_status cs_block_run(const cs_transformer *transformer, const cs_block *block, int n, int tokens, float *states,
                       const cs_block_scratch *scratch, cs_error *error) {
    const cs_transformer_config *config = &transformer->config;
    const cs_attention_size size = {n, tokens, config->heads, config->width / config->heads, config->causal, 0};
    cs_status status = cs_block_qkv(transformer, block, n * tokens, states, scratch, error);
    if (status == CS_OK)
        status = transformer->ops->attention(transformer->nn, &size, scratch->qkv, scratch->mixed, error);
    if (status == CS_OK)
        status = transformer->ops->run_linear(transformer->nn, block->out, n * tokens, scratch->mixed, states, error);
    if (status == CS_OK) status = cs_block_mlp(transformer, block, n * tokens, states, scratch, error);
    return status;
}

cs_status cs_transformer_run_blocks(cs_transformer *transformer, int first, int count, int n, int tokens, float *states,
                                    cs_error *error) {
    cs_block_scratch scratch;
    cs_status status =
        cs_block_scratch_get(transformer, &transformer->workspace, (size_t)n * (size_t)tokens, &scratch, error);
    for (int i = first; status == CS_OK && i < first + count; i++)
        status = cs_block_run(transformer, &transformer->blocks[i], n, tokens, states, &scratch, error);
    return status;
}

cs_status cs_transformer_run(cs_transformer *transformer, int n, int tokens, float *states, cs_error *error) {
    return cs_transformer_run_blocks(transformer, 0, transformer->config.layers, n, tokens, states, error);
}

/* A stack of pre-layernorm transformer blocks, as both of CLIP's towers use it. */
#ifndef CS_MODEL_TRANSFORMER_H
#define CS_MODEL_TRANSFORMER_H

#include "model/names.h"
#include "model/weights.h"

typedef struct cs_transformer_config {
    int layers, width, heads, mlp;
    cs_activation activation;
    float epsilon;
    int causal;
} cs_transformer_config;

typedef struct cs_transformer cs_transformer;

/* `prefix` stands before the block's number: "text_model.encoder.layers.". */
cs_status cs_transformer_create(const cs_weights *weights, const char *prefix, const cs_block_names *names,
                                const cs_transformer_config *config, cs_transformer **transformer, cs_error *error);
/* The product that gives queries, keys and values at once; also used by the ResNets' attention pool. */
cs_status cs_transformer_load_qkv(const cs_weights *weights, const char *prefix, const cs_block_names *names, int width,
                                  cs_layer **layer, cs_error *error);
void cs_transformer_destroy(cs_transformer *transformer);

/* In place. states: device, [n, tokens, width]. */
cs_status cs_transformer_run(cs_transformer *transformer, int n, int tokens, float *states, cs_error *error);

#endif

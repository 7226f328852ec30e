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
    cs_tolerance tolerance; /* of its products */
} cs_transformer_config;

typedef struct cs_transformer cs_transformer;

/* `prefix` stands before the block's number: "text_model.encoder.layers.". */
cs_status cs_transformer_create(const cs_weights *weights, const char *prefix, const cs_block_names *names,
                                const cs_transformer_config *config, cs_transformer **transformer, cs_error *error);
/* The product that gives queries, keys and values at once; also used by the ResNets' attention pool. */
cs_status cs_transformer_load_qkv(const cs_weights *weights, const char *prefix, const cs_block_names *names, int width,
                                  cs_tolerance tolerance, cs_layer **layer, cs_error *error);
void cs_transformer_destroy(cs_transformer *transformer);

/* In place. states: device, [n, tokens, width]. */
cs_status cs_transformer_run(cs_transformer *transformer, int n, int tokens, float *states, cs_error *error);

/* The same where only the first token of each sequence is wanted. states: lost; first: device, [n, width]. */
cs_status cs_transformer_run_to_first(cs_transformer *transformer, int n, int tokens, float *states, float *first,
                                      cs_error *error);

/* The same with `count` blocks from block `first` (0 is the first) on. */
cs_status cs_transformer_run_blocks(cs_transformer *transformer, int first, int count, int n, int tokens, float *states,
                                    cs_error *error);

/* How the last block looks from one token of a picture to the others in the dense forms. */
typedef struct cs_last_attention {
    cs_pairing pairing;
    const float *bias;    /* device, [tokens, tokens], added to the scores, or NULL */
    const float *weights; /* device, [tokens, tokens], whose mean with the attention's weights is taken, or NULL */
    int skip;             /* so many first tokens are seen but give no result */
} cs_last_attention;

/* Adds to y [tokens - skip, width] what the last block's attention makes of the states [tokens, width], with neither
 * the residual connection nor the second half of the block. All device; the states stay. */
cs_status cs_transformer_attend_last(cs_transformer *transformer, const cs_last_attention *how, int tokens,
                                     const float *states, float *y, cs_error *error);

/* The last block in place, each token seeing itself alone: its value in the place of the attention's mixture. */
cs_status cs_transformer_values_last(cs_transformer *transformer, int tokens, float *states, cs_error *error);

/* Runs one sequence and, beside it, k regions of it: from block to block a region's state attends to itself and to the
 * tokens of its region, and nothing attends to it. states: device, [tokens, width], the first token is no cell; lost.
 * masks: device, [k, tokens - 1], 0 outside; regions: device, [k, width], in place.
 * Source: Li et al., "Adapting CLIP For Phrase Localization Without Further Training" (2022). */
cs_status cs_transformer_run_regions(cs_transformer *transformer, int tokens, float *states, int k, const float *masks,
                                     float *regions, cs_error *error);

#endif

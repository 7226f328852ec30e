/* What the ways of running a transformer share. */
#ifndef CS_MODEL_TRANSFORMER_INTERNAL_H
#define CS_MODEL_TRANSFORMER_INTERNAL_H

#include "model/transformer.h"
#include "model/workspace.h"

typedef struct cs_block {
    float *norm1_gain, *norm1_bias, *norm2_gain, *norm2_bias; /* device, [width] */
    cs_layer *qkv;                                            /* width -> 3 * width */
    cs_layer *out;                                            /* width -> width, added to the states */
    cs_layer *expand;                                         /* width -> mlp, activated */
    cs_layer *contract;                                       /* mlp -> width, added to the states */
} cs_block;

struct cs_transformer {
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_transformer_config config;
    cs_block *blocks; /* [layers] */
    cs_workspace workspace, region_workspace;
};

/* Device memory that a block works in. */
typedef struct cs_block_scratch {
    float *normed; /* [rows, width] */
    float *qkv;    /* [rows, 3 * width] */
    float *mixed;  /* [rows, width] */
    float *hidden; /* [rows, mlp] */
} cs_block_scratch;

/* Scratch for that many rows, from a workspace that serves nothing else. */
cs_status cs_block_scratch_get(const cs_transformer *transformer, cs_workspace *workspace, size_t rows,
                               cs_block_scratch *scratch, cs_error *error);

/* Queries, keys and values of the normalised states, into scratch->qkv. */
cs_status cs_block_qkv(const cs_transformer *transformer, const cs_block *block, int rows, const float *states,
                       const cs_block_scratch *scratch, cs_error *error);

/* The second half of a block, in place. */
cs_status cs_block_mlp(const cs_transformer *transformer, const cs_block *block, int rows, float *states,
                       const cs_block_scratch *scratch, cs_error *error);

/* A whole block, in place. The queries, keys and values stay in scratch->qkv. */
cs_status cs_block_run(const cs_transformer *transformer, const cs_block *block, int n, int tokens, float *states,
                       const cs_block_scratch *scratch, cs_error *error);

#endif

/* What each layout calls the tensors of a transformer tower. */
#ifndef CS_MODEL_NAMES_H
#define CS_MODEL_NAMES_H

#include "model/config.h"

/* Names inside one block. ".weight" and ".bias" follow, except behind in_proj ("_weight" and "_bias"). */
typedef struct cs_block_names {
    const char *norm1, *norm2, *out, *expand, *contract;
    const char *q, *k, *v; /* NULL where in_proj holds all three, in this order */
    const char *in_proj;
} cs_block_names;

typedef struct cs_text_names {
    const char *tokens, *positions; /* whole names */
    const char *blocks;             /* the block's number and a dot follow */
    const char *final_norm;
    const char *projection; /* whole name */
    int projection_in_out;  /* non-zero: [in, out], used as x W; else [out, in] */
    const cs_block_names *block;
} cs_text_names;

typedef struct cs_vit_names {
    const char *patches, *class_token, *positions; /* whole names */
    const char *pre_norm, *blocks, *post_norm;
    const char *projection;
    int projection_in_out;
    const cs_block_names *block;
} cs_vit_names;

const cs_text_names *cs_text_names_of(cs_layout layout);
const cs_vit_names *cs_vit_names_of(cs_layout layout);

#endif

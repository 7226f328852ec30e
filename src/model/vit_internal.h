/* What the ways of reading a vision transformer share. */
#ifndef CS_MODEL_VIT_INTERNAL_H
#define CS_MODEL_VIT_INTERNAL_H

#include "model/image_encoder.h"
#include "model/positions.h"
#include "model/transformer.h"
#include "model/vit.h"
#include "model/workspace.h"

typedef struct cs_vit {
    cs_image_encoder base;
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_vit_config config;
    int side; /* patches along one side of the trained grid */
    cs_layer *patches, *projection;
    float *class_token;    /* device, [width] */
    float *position_table; /* device, [1 + side * side, width] */
    cs_positions positions;
    float *pre_gain, *pre_bias, *post_gain, *post_bias;
    cs_transformer *transformer;
    cs_workspace workspace, dense_workspace, score_workspace;
} cs_vit;

/* A picture's patches on their grid. */
typedef struct cs_patch_grid {
    int rows, cols, count; /* count = rows * cols */
} cs_patch_grid;

/* The dense variants, in the order of their names. */
typedef enum cs_vit_variant { CS_VIT_SCCLIP, CS_VIT_NACLIP, CS_VIT_CLEARCLIP, CS_VIT_MASKCLIP } cs_vit_variant;

cs_patch_grid cs_vit_grid(const cs_vit *net, int height, int width);

/* Pictures [n, height, width, 3] on the host to the states before the first block, device, [n, 1 + count, width]; they
 * are lost with the next call. */
cs_status cs_vit_embed(cs_vit *net, const float *pictures, int n, int height, int width, float **states,
                       cs_error *error);

/* The last layernorm (in place) and the projection. states: device, [rows, width]; *embeddings: device, [rows, dim], of
 * any length, lost with the next call. */
cs_status cs_vit_project(cs_vit *net, int rows, float *states, float **embeddings, cs_error *error);

/* Runs the blocks before the last, and puts what the last makes of each patch into out [count, width] in SC-CLIP's way:
 * vit_scclip.c. */
cs_status cs_vit_scclip(cs_vit *net, const cs_patch_grid *grid, float *states, cs_features *features, float *out,
                        cs_error *error);

/* Block whose states a feature map is made of, 1 the first; 0 stands for the embedding before all blocks. */
int cs_vit_middle_block(const cs_vit *net);

/* Copies the patches' states out. states: device, [1 + count, width]. */
cs_status cs_vit_keep_features(cs_vit *net, const cs_patch_grid *grid, const float *states, cs_features *features,
                               cs_error *error);

/* The dense and the region form, as cs_image_encoder_ops has them. */
void cs_vit_dense_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols);
cs_status cs_vit_dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                       cs_features *features, cs_error *error);
cs_status cs_vit_regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                         float *out, cs_error *error);

#endif

/* What the ways of reading a modified ResNet share. */
#ifndef CS_MODEL_RESNET_INTERNAL_H
#define CS_MODEL_RESNET_INTERNAL_H

#include "model/image_encoder.h"
#include "model/positions.h"
#include "model/resnet_load.h"
#include "model/workspace.h"

/* Sides of a picture per side of its last map. */
enum { CS_RESNET_STEP = 32 };

typedef struct cs_resnet {
    cs_image_encoder base;
    const cs_nn_ops *ops;
    cs_nn *nn;
    cs_resnet_config config;
    cs_resnet_layers layers;
    cs_positions positions;
    cs_workspace workspace, pool_workspace, score_workspace;
} cs_resnet;

/* A feature map [n, height, width, channels] on the device. */
typedef struct cs_resnet_map {
    int n, height, width, channels;
    float *data;
    int slot; /* SLOT_A or SLOT_B of resnet.c, for the maps between blocks */
} cs_resnet_map;

/* Pictures [n, height, width, 3] on the host to the map that the attention pool takes; lost with the next call.
 * `middle`, unless NULL, takes a copy of the third stage's map, whose cells are half as wide; n is 1 then. */
cs_status cs_resnet_run(cs_resnet *net, const float *pictures, int n, int height, int width, cs_resnet_map *map,
                        cs_features *middle, cs_error *error);

/* The map's cells with a token before each picture's, and positions. first: device, [n, channels]; *tokens: device, [n,
 * 1 + cells, channels]. */
cs_status cs_resnet_tokens(cs_resnet *net, const cs_resnet_map *map, const float *first, float **tokens,
                           cs_error *error);

/* Slots of pool_workspace. */
enum {
    CS_POOL_MEAN,
    CS_POOL_TOKENS,
    CS_POOL_QKV,
    CS_POOL_OUT,
    CS_POOL_MASKS,
    CS_POOL_REGIONS,
    CS_POOL_REGION_QKV,
    CS_POOL_VALUES
};

/* The dense and the region form, as cs_image_encoder_ops has them. */
void cs_resnet_dense_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols);
cs_status cs_resnet_dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n, float *out,
                          cs_features *features, cs_error *error);
cs_status cs_resnet_regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks, int k,
                            float *out, cs_error *error);

#endif

/* Position embeddings for grids of any size, resized from those that the model was trained with. */
#ifndef CS_MODEL_POSITIONS_H
#define CS_MODEL_POSITIONS_H

#include "nn/nn.h"

/* Both libraries resize bicubically with half-pixel centres. transformers: kernel a = -0.75, four taps at any scale,
 * borders repeated. open_clip: a = -0.5, widened when the grid shrinks (antialias), borders cut off. */
typedef enum cs_position_filter { CS_POSITIONS_PLAIN, CS_POSITIONS_ANTIALIAS } cs_position_filter;

/* Grids that stay at hand: a photograph is looked at in a few sizes. */
enum { CS_POSITION_GRIDS = 4 };

typedef struct cs_positions {
    const cs_nn_ops *ops;
    cs_nn *nn;
    const float *table; /* device, [1 + side * side, width]; the caller's */
    int side, width;
    cs_position_filter filter;
    struct {
        int rows, cols;
        float *table; /* device, [1 + rows * cols, width] */
    } grids[CS_POSITION_GRIDS];
    int next; /* the grid that is given up next */
} cs_positions;

/* The embeddings of a grid: device, [1 + rows * cols, width], the class token's first. They belong to `positions` and
 * may be gone after CS_POSITION_GRIDS further calls. */
cs_status cs_positions_get(cs_positions *positions, int rows, int cols, const float **table, cs_error *error);
void cs_positions_clear(cs_positions *positions);

/* How much each of `in` places contributes to each of `out`. weights: [out, in]. */
void cs_position_weights(cs_position_filter filter, int in, int out, float *weights);

#endif

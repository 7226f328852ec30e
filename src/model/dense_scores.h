/* Cosines of a grid of embeddings with texts. */
#ifndef CS_MODEL_DENSE_SCORES_H
#define CS_MODEL_DENSE_SCORES_H

#include "model/image_encoder.h"
#include "model/workspace.h"

typedef struct cs_cells {
    int rows, cols, dim;
    const float *embeddings; /* device, [rows, cols, dim], of any length */
} cs_cells;

/* For each of input->sides (none: 1) the mean of the embeddings around each cell, its cosines with the texts, and the
 * mean of those. `workspace` serves nothing else. texts: host, [n, dim], unit length; out: host, [n, rows, cols]. */
cs_status cs_score_cells(cs_workspace *workspace, const cs_cells *cells, const cs_dense_input *input,
                         const float *texts, int n, float *out, cs_error *error);

#endif

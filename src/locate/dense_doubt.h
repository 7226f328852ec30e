/* When the pass for small objects in large photographs is to be believed. */
#ifndef CS_LOCATE_DENSE_DOUBT_H
#define CS_LOCATE_DENSE_DOUBT_H

#include "clipsight.h"
#include "locate/dense.h"

/* What the coarser pass saw, whatever the prompts: for each cell the sum of squares of the class probabilities, one
 * over the number of classes that it hesitates between. */
typedef struct cs_certainty {
    int rows, cols;
    float *values; /* [rows, cols], released with free(); NULL where it is not known */
} cs_certainty;

/* In place; maps: [prompts, rows, cols]. A thing too small to be named is still something to the coarser pass. Where
 * that pass hesitates between more classes than `recipe` allows, it sees a bare surface, and what the finer pass makes
 * of it is texture (blurred fur passes for a dog's): the evidence is struck out there. */
cs_status cs_dense_doubt(const cs_dense_recipe *recipe, const cs_certainty *certainty, size_t prompts, int rows,
                         int cols, float *maps, cs_error *error);

#endif

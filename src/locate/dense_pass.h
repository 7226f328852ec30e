/* One forward pass over a picture or a part of it. */
#ifndef CS_LOCATE_DENSE_PASS_H
#define CS_LOCATE_DENSE_PASS_H

#include "image/image.h"
#include "locate/dense.h"
#include "locate/dense_doubt.h"

/* What is looked at, for what, and how. */
typedef struct cs_dense_sight {
    cs_model *model;
    const float *embeddings; /* [count, dim] */
    size_t count;            /* prompts */
    cs_view view;
    cs_dense_pass pass;
    const char *variant; /* as cs_dense_input has it */
} cs_dense_sight;

/* What a pass says. */
typedef struct cs_dense_view {
    int rows, cols;
    float *maps; /* cosines [count, rows, cols], released with free() */
} cs_dense_view;

/* features and certainty may be NULL; what they hold is released with free(), after a failure too. */
cs_status cs_dense_see(const cs_dense_sight *sight, cs_features *features, cs_certainty *certainty, cs_dense_view *out,
                       cs_error *error);

#endif

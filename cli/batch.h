/* Photographs that are embedded together, whole or with their windows. */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "ahead.h"

/* How many at most. */
enum { BATCH_MOST = 32 };

typedef struct batch_photo {
    const cs_image *image;
    size_t rows;             /* the whole photograph and its windows */
    cs_rect *boxes;          /* [rows] */
    const float *embeddings; /* [rows, dim]; NULL: see status */
    cs_status status;
    cs_error error;
} batch_photo;

typedef struct cli_batch {
    cs_model *model;
    int windows; /* non-zero: theirs, too */
    batch_photo photos[BATCH_MOST];
    size_t count;
    cs_rect *boxes;    /* [rows of all] */
    float *embeddings; /* [rows of all, dim] */
} cli_batch;

/* The plan for reading photographs that come in batches; path, context and is_known are left to the caller. */
ahead_plan batch_plan(size_t count, unsigned long long max_pixels, long long threads);

/* Puts a photograph into the (emptied) batch; the image is borrowed. */
void batch_add(cli_batch *batch, const cs_image *image);

/* Embeds all. A photograph that cannot be embedded does not keep the others from it. After Ctrl-C the statuses are
 * CS_ERR_CANCELLED. */
void batch_embed(cli_batch *batch);

/* Forgets the photographs and what was made of them, not the model. */
void batch_empty(cli_batch *batch);

#endif

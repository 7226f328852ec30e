/* How far things reach that are too small for the ordinary passes. */
#ifndef CS_LOCATE_DENSE_ZOOM_H
#define CS_LOCATE_DENSE_ZOOM_H

#include "locate/dense.h"

typedef struct cs_dense_zoom_job {
    cs_model *model;
    const cs_prompts *prompts;
    const cs_image *image;
    const cs_dense_recipe *recipe;
} cs_dense_zoom_job;

/* maps: [prompts]. Those marked as zoomed whose peak is above recipe->spread_from get an extent: a pass over the
 * surroundings of their highest region shows the thing at a size at which its parts can be told from what is around it.
 * The other marks are taken back. */
cs_status cs_dense_zoom(const cs_dense_zoom_job *job, cs_dense_map *maps, cs_error *error);

#endif

/* A photograph with a black rectangle, resized, for many rectangles of one photograph.
 *
 * Each result is what cs_resample() makes of a copy with the rectangle painted black, to the bit. But a rectangle
 * changes the resampler's first pass only within a strip as wide as itself, and all rectangles of a column share that
 * strip: so the photograph is read once a column, and not once a rectangle. */
#ifndef CS_IMAGE_OCCLUDER_H
#define CS_IMAGE_OCCLUDER_H

#include "image/resample.h"

typedef struct cs_occluder cs_occluder;

/* In pixels of the photograph, and inside it; nothing is black where width or height is 0. */
typedef struct cs_black {
    int x, y, width, height;
} cs_black;

/* The photograph must outlive the occluder. width, height: of the results. threads: at least 1. */
cs_status cs_occluder_create(cs_view photo, int width, int height, cs_filter filter, int threads,
                             cs_occluder **occluder, cs_error *error);
void cs_occluder_destroy(cs_occluder *occluder);

/* True where rectangles of the same x and width are best made one after the other, false where those of the same y and
 * height are. Other orders are as right, but slow. */
int cs_occluder_by_columns(const cs_occluder *occluder);

/* out: [height, width, 3] */
cs_status cs_occluder_make(cs_occluder *occluder, const cs_black *black, uint8_t *out, cs_error *error);

#endif

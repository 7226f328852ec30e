/* The picture in memory and views into it. */
#ifndef CS_IMAGE_IMAGE_H
#define CS_IMAGE_IMAGE_H

#include "clipsight.h"

struct cs_image {
    int width, height;
    uint8_t *pixels; /* [height, width, 3], rows without gaps */
};

/* A rectangle of RGB8 pixels inside somebody else's picture; copies nothing and owns nothing. */
typedef struct cs_view {
    const uint8_t *pixels; /* first pixel of the first row */
    size_t stride;         /* bytes from row to row */
    int width, height;
} cs_view;

/* A picture with undefined pixels. */
cs_status cs_image_create(int width, int height, cs_image **image, cs_error *error);

cs_view cs_image_view(const cs_image *image);

/* The part of `view` from (x, y), width x height; the caller keeps it inside. */
cs_view cs_view_crop(cs_view view, int x, int y, int width, int height);

#endif

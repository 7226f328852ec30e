/* A picture cut into regions of like pixels, about as many as wanted and about as large as each other.
 * Source: Achanta, Shaji, Smith, Lucchi, Fua and Suesstrunk, "SLIC superpixels compared to state-of-the-art superpixel
 * methods" (2012). */
#ifndef CS_LOCATE_SUPERPIXELS_H
#define CS_LOCATE_SUPERPIXELS_H

#include "clipsight.h"
#include "image/image.h"

/* L*, a* and b* (CIE 1976, white D65) of an sRGB picture, a plane each. */
typedef struct cs_lab {
    int rows, cols;
    float *planes; /* [3, rows, cols] */
} cs_lab;

cs_status cs_lab_create(cs_view picture, cs_lab *lab, cs_error *error);
void cs_lab_free(cs_lab *lab);

/* Which region each pixel belongs to. Every region is connected by its pixels' sides. */
typedef struct cs_superpixels {
    int rows, cols, count;
    int32_t *labels; /* [rows, cols], each from 0 to count - 1, numbered in the order of their first pixels */
} cs_superpixels;

/* wanted: from 1 to the number of pixels. The same picture always gives the same regions. */
cs_status cs_superpixels_create(const cs_lab *lab, int wanted, cs_superpixels *superpixels, cs_error *error);
void cs_superpixels_free(cs_superpixels *superpixels);

/* Makes regions of more than one piece connected: each piece of at least `least` pixels becomes a region, a smaller one
 * joins the piece before it. labels: [rows, cols], any numbers; afterwards 0 to *count - 1. */
cs_status cs_superpixels_connect(int rows, int cols, size_t least, int32_t *labels, int *count, cs_error *error);

#endif

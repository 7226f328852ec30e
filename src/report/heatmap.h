/* The two pictures of a relevance map. */
#ifndef CS_REPORT_HEATMAP_H
#define CS_REPORT_HEATMAP_H

#include "image/image.h"

/* Score of a cell as a picture needs it: inside [0, 1], 0 where it is not a number. */
float cs_heatmap_score(float cell);

/* The part of the photograph that the grid of patches covers, each pixel multiplied by its cell's score and rounded. */
cs_status cs_heatmap_brightness(const cs_image *image, const cs_map *map, cs_image **picture, cs_error *error);

/* The photograph in grey under a smooth colour scale, with a legend below; long side of the photograph at most
 * CS_HEATMAP_SIDE pixels. What lies outside the grid of patches has no score and
 * stays grey. */
enum { CS_HEATMAP_SIDE = 2048 };
cs_status cs_heatmap_overlay(const cs_image *image, const cs_map *map, cs_image **picture, cs_error *error);

#endif

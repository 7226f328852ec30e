/* The rectangles that hold most of a map for their size. */
#ifndef CS_LOCATE_RECTANGLES_H
#define CS_LOCATE_RECTANGLES_H

#include "clipsight.h"
#include "locate/grid.h"

typedef struct cs_rectangle_options {
    float charge; /* what a cell must be worth: a rectangle's gain is the sum of its cells less so much for each */
    int most;     /* how many rectangles at most */
    float least;  /* a rectangle that gains less than this share of the first one's gain is not taken any more */
} cs_rectangle_options;

/* The rectangle with the largest gain; then, its cells being worth nothing any more, the next. *rectangles is released
 * with free(), NULL where no cell is worth its charge. `cells` counts all cells of a rectangle; peak and mean are those
 * of `scores` [rows, cols] (NULL: of the grid's own values) inside it. Exact: every rectangle is compared. Time: the
 * grid's shorter side squared, times its longer side, for each rectangle.
 * Source of the gain: Li, Shakhnarovich and Yeh, "Adapting CLIP for phrase localization without further training"
 * (2022); of the search: Kadane's maximum subarray over every pair of rows (Bentley, "Programming pearls", 1984). */
cs_status cs_grid_rectangles(const cs_grid *grid, const cs_rectangle_options *options, const float *scores,
                             cs_region **rectangles, size_t *count, cs_error *error);

#endif

/* A relevance map as boxes are found in it, whatever method made it. */
#ifndef CS_LOCATE_GRID_H
#define CS_LOCATE_GRID_H

#include "clipsight.h"

/* values [rows, cols]; a cell is cell_width x cell_height pixels of the photograph, the first at its top left. */
typedef struct cs_grid {
    int rows, cols;
    float cell_width, cell_height;
    float *values;
} cs_grid;

/* A region of cells: bounds are [left, right) and [top, bottom). */
typedef struct cs_region {
    int left, top, right, bottom;
    int cells;
    float peak, mean;
} cs_region;

/* The highest of `count` >= 1 values. */
float cs_highest(const float *values, size_t count);

/* Bilinear interpolation between cell centres; beyond the outermost centres the edge value holds. Samples `source`
 * [rows, cols] at the cell centres of `target`, multiplies by `weight` and adds. */
void cs_grid_add(cs_grid *target, const float *source, int rows, int cols, float weight);

/* The same, keeping the larger of both. */
void cs_grid_raise(cs_grid *target, const float *source, int rows, int cols, float weight);

/* 8-connected regions of cells with a value above `threshold`, in order of their first cell. Their peak and mean are
 * those of `scores` [rows, cols] (NULL: of the grid's own values). *regions is released with free(); NULL where there
 * is none. */
cs_status cs_grid_regions(const cs_grid *grid, float threshold, const float *scores, cs_region **regions, size_t *count,
                          cs_error *error);

/* One region around every cell above the threshold; cells = 0 where there is none. */
cs_region cs_grid_single_region(const cs_grid *grid, float threshold, const float *scores);

#endif

/* Connected regions of a map. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/grid.h"

static const cs_region empty_region = {0, 0, 0, 0, 0, 0, 0};

/* Takes the cell (col, row) into the region; `mean` holds the sum until the region is complete. */
static void take(cs_region *region, int col, int row, float value) {
    if (region->cells == 0) {
        *region = (cs_region){col, row, col + 1, row + 1, 0, value, 0};
    } else {
        if (col < region->left) region->left = col;
        if (col >= region->right) region->right = col + 1;
        if (row < region->top) region->top = row;
        if (row >= region->bottom) region->bottom = row + 1;
        if (value > region->peak) region->peak = value;
    }
    region->mean += value;
    region->cells++;
}

/* Marks the neighbours of cell `at` that are above the threshold and not seen yet, and puts them on the stack. */
static size_t push_neighbours(const cs_grid *grid, float threshold, size_t at, uint8_t *seen, size_t *stack,
                              size_t depth) {
    int row = (int)(at / (size_t)grid->cols), col = (int)(at % (size_t)grid->cols);
    for (int y = row > 0 ? row - 1 : 0; y <= row + 1 && y < grid->rows; y++) {
        for (int x = col > 0 ? col - 1 : 0; x <= col + 1 && x < grid->cols; x++) {
            size_t next = (size_t)y * (size_t)grid->cols + (size_t)x;
            if (seen[next] || !(grid->values[next] > threshold)) continue;
            seen[next] = 1;
            stack[depth++] = next;
        }
    }
    return depth;
}

/* The region around cell `first`. stack: room for every cell, each being pushed at most once. */
static cs_region flood(const cs_grid *grid, float threshold, const float *scores, size_t first, uint8_t *seen,
                       size_t *stack) {
    cs_region region = empty_region;
    size_t depth = 0;
    seen[first] = 1;
    stack[depth++] = first;
    while (depth > 0) {
        size_t at = stack[--depth];
        take(&region, (int)(at % (size_t)grid->cols), (int)(at / (size_t)grid->cols), scores[at]);
        depth = push_neighbours(grid, threshold, at, seen, stack, depth);
    }
    region.mean /= (float)region.cells;
    return region;
}

static cs_status append(cs_region **regions, size_t *count, size_t *capacity, const cs_region *region,
                        cs_error *error) {
    if (*count == *capacity) {
        size_t larger = *capacity ? *capacity * 2 : 8;
        cs_region *grown = cs_realloc(*regions, larger, sizeof *grown);
        if (!grown) return cs_fail_memory(error, "regions");
        *regions = grown;
        *capacity = larger;
    }
    (*regions)[(*count)++] = *region;
    return CS_OK;
}

cs_status cs_grid_regions(const cs_grid *grid, float threshold, const float *scores, cs_region **regions, size_t *count,
                          cs_error *error) {
    size_t cells = (size_t)grid->rows * (size_t)grid->cols, capacity = 0;
    uint8_t *seen = cs_alloc_zero(cells, 1);
    size_t *stack = cs_alloc(cells, sizeof *stack);
    cs_status status = seen && stack ? CS_OK : cs_fail_memory(error, "regions");
    *regions = NULL;
    *count = 0;
    for (size_t i = 0; status == CS_OK && i < cells; i++) {
        if (seen[i] || !(grid->values[i] > threshold)) continue;
        cs_region region = flood(grid, threshold, scores ? scores : grid->values, i, seen, stack);
        status = append(regions, count, &capacity, &region, error);
    }
    free(seen);
    free(stack);
    if (status != CS_OK) {
        free(*regions);
        *regions = NULL;
    }
    return status;
}

cs_region cs_grid_single_region(const cs_grid *grid, float threshold, const float *scores) {
    cs_region region = empty_region;
    if (!scores) scores = grid->values;
    for (int row = 0; row < grid->rows; row++) {
        for (int col = 0; col < grid->cols; col++) {
            size_t at = (size_t)row * (size_t)grid->cols + (size_t)col;
            if (grid->values[at] > threshold) take(&region, col, row, scores[at]);
        }
    }
    if (region.cells > 0) region.mean /= (float)region.cells;
    return region;
}

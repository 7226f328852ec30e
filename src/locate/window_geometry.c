#include "locate/window.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

enum { PATCH = 256, WINDOW = 6, STRIDE = 1 };

/* The chapter's photograph is 13 patches wide. A smaller photograph is cut into as many, so that windows cover the same
 * share of it. */
enum { SHORT_SIDE_PATCHES = 13 };

/* More windows than this would run for days: refuse rather than start. */
enum { MAX_WINDOWS = 10000000 };

static int default_patch(int width, int height) {
    int shorter = width < height ? width : height, patch = shorter / SHORT_SIDE_PATCHES;
    if (patch > PATCH) return PATCH;
    return patch > 0 ? patch : 1;
}

cs_status cs_window_geometry(int width, int height, const cs_localize_options *options, cs_map *map, cs_error *error) {
    if (options->patch < 0 || options->window < 0 || options->stride < 0)
        return cs_fail(error, CS_ERR_ARGUMENT, "patch, window and stride: expected whole numbers above zero");
    int patch = options->patch ? options->patch : default_patch(width, height);
    int window = options->window ? options->window : WINDOW, stride = options->stride ? options->stride : STRIDE;
    int rows = height / patch, cols = width / patch;
    if (!options->window && (rows < window || cols < window)) window = rows < cols ? rows : cols;
    if (window < 1 || rows < window || cols < window)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "a window of %d patches of %d pixels does not fit into a photograph of %d x %d pixels "
                       "(%d x %d patches): take a smaller patch or window",
                       window < 1 ? 1 : window, patch, width, height, cols, rows);
    *map = (cs_map){.patch = patch, .window = window, .stride = stride, .rows = rows, .cols = cols};
    map->cell_width = map->cell_height = (float)patch;
    map->window_rows = (rows - window) / stride + 1;
    map->window_cols = (cols - window) / stride + 1;
    if ((int64_t)map->window_rows * map->window_cols > MAX_WINDOWS)
        return cs_fail(error, CS_ERR_LIMIT,
                       "%d x %d windows: expected at most %d in all; take a larger patch or stride", map->window_cols,
                       map->window_rows, MAX_WINDOWS);
    return CS_OK;
}

cs_rect cs_window_rect(const cs_map *geometry, size_t index) {
    int row = (int)(index / (size_t)geometry->window_cols), col = (int)(index % (size_t)geometry->window_cols);
    int step = geometry->stride * geometry->patch, side = geometry->window * geometry->patch;
    return (cs_rect){col * step, row * step, side, side};
}

/* Adds one window's logit to the patches under it. */
static void add_window(const cs_map *geometry, int row, int col, double logit, double *sums, double *runs) {
    for (int y = row * geometry->stride; y < row * geometry->stride + geometry->window; y++) {
        for (int x = col * geometry->stride; x < col * geometry->stride + geometry->window; x++) {
            sums[(size_t)y * (size_t)geometry->cols + (size_t)x] += logit;
            runs[(size_t)y * (size_t)geometry->cols + (size_t)x] += 1;
        }
    }
}

cs_status cs_window_mean(const cs_map *geometry, const float *logits, int chapter, float *out, cs_error *error) {
    size_t cells = (size_t)geometry->rows * (size_t)geometry->cols;
    double *sums = cs_alloc_zero(cells, sizeof *sums), *runs = cs_alloc(cells, sizeof *runs);
    if (!sums || !runs) {
        free(sums);
        free(runs);
        return cs_fail_memory(error, "a relevance map");
    }
    for (size_t i = 0; i < cells; i++)
        runs[i] = chapter ? 1 : 0;
    for (int row = 0; row < geometry->window_rows; row++)
        for (int col = 0; col < geometry->window_cols; col++)
            add_window(geometry, row, col, (double)logits[(size_t)row * (size_t)geometry->window_cols + (size_t)col],
                       sums, runs);
    /* with a stride above one, patches at the edge may be under no window at all */
    for (size_t i = 0; i < cells; i++)
        out[i] = runs[i] > 0 ? (float)(sums[i] / runs[i]) : 0;
    free(sums);
    free(runs);
    return CS_OK;
}

void cs_map_clip(float *cells, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (double)cells[i];
    double mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        cells[i] = (double)cells[i] > mean ? (float)((double)cells[i] - mean) : 0;
}

void cs_map_normalise(float *cells, size_t count) {
    float low = cells[0], high = cells[0];
    for (size_t i = 1; i < count; i++) {
        low = cells[i] < low ? cells[i] : low;
        high = cells[i] > high ? cells[i] : high;
    }
    for (size_t i = 0; i < count; i++)
        cells[i] = high > low ? (cells[i] - low) / (high - low) : 0;
}

#include "locate/dense_zoom.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/dense_pass.h"
#include "locate/spread.h"
#include "model/model.h"
#include "model/prompts.h"

/* Share of the peak above which cells belong to what the detail pass found. */
static const float found_share = 0.3f;

/* Bounds of the surroundings in cells of the map: [left, right) and [top, bottom). */
typedef struct cell_box {
    int left, top, right, bottom;
} cell_box;

/* The region that holds the highest cell. */
static cs_status find_region(const cs_grid *scores, cs_region *found, cs_error *error) {
    cs_region *regions;
    size_t count;
    float peak = cs_grid_peak(scores);
    cs_status status = cs_grid_regions(scores, found_share * peak, NULL, &regions, &count, error);
    if (status != CS_OK) return status;
    *found = regions[0];
    for (size_t i = 1; i < count; i++)
        if (regions[i].peak > found->peak) *found = regions[i];
    free(regions);
    return CS_OK;
}

static int clamp(double value, int most) {
    return value < 0 ? 0 : value > most ? most : (int)(value + 0.5);
}

/* A square in pixels around the region, `reach` times as wide as its longer side, and cut at the photograph's edges. */
static cell_box surroundings(const cs_grid *grid, const cs_region *region, float reach) {
    double width = (region->right - region->left) * (double)grid->cell_width;
    double height = (region->bottom - region->top) * (double)grid->cell_height;
    double half = 0.5 * (double)reach * (width > height ? width : height);
    double x = 0.5 * (region->left + region->right), y = 0.5 * (region->top + region->bottom);
    return (cell_box){clamp(x - half / (double)grid->cell_width, grid->cols - 1),
                      clamp(y - half / (double)grid->cell_height, grid->rows - 1),
                      clamp(x + half / (double)grid->cell_width, grid->cols),
                      clamp(y + half / (double)grid->cell_height, grid->rows)};
}

static cs_view crop(const cs_image *image, const cs_grid *grid, const cell_box *box) {
    int left = (int)((float)box->left * grid->cell_width), top = (int)((float)box->top * grid->cell_height);
    int right = (int)((float)box->right * grid->cell_width), bottom = (int)((float)box->bottom * grid->cell_height);
    if (right > image->width) right = image->width;
    if (bottom > image->height) bottom = image->height;
    return cs_view_crop(cs_image_view(image), left, top, right - left, bottom - top);
}

/* Writes a map of the surroundings to their place in the extent. */
static cs_status place(cs_dense_map *map, const cell_box *box, const float *spread, const cs_features *features,
                       cs_error *error) {
    int cols = box->right - box->left;
    cs_grid part = {box->bottom - box->top, cols, 0, 0, NULL};
    part.values = cs_alloc_zero((size_t)part.rows * (size_t)cols, sizeof(float));
    map->extent = cs_alloc_zero((size_t)map->scores.rows * (size_t)map->scores.cols, sizeof(float));
    if (!part.values || !map->extent) {
        free(part.values);
        return cs_fail_memory(error, "the extent of objects");
    }
    cs_grid_add(&part, spread, features->rows, features->cols, 1.0f);
    for (int row = 0; row < part.rows; row++)
        memcpy(map->extent + (size_t)(box->top + row) * (size_t)map->scores.cols + (size_t)box->left,
               part.values + (size_t)row * (size_t)cols, (size_t)cols * sizeof(float));
    free(part.values);
    return CS_OK;
}

/* Spreads what the near pass saw over its features, and places it. */
static cs_status spread_near(const cs_dense_zoom_job *job, const cs_dense_view *seen, const cs_features *features,
                             const cell_box *box, cs_dense_map *map, cs_error *error) {
    size_t cells = (size_t)features->rows * (size_t)features->cols;
    cs_grid small = {features->rows, features->cols, 0, 0, cs_alloc_zero(cells, sizeof(float))};
    if (!small.values) return cs_fail_memory(error, "the extent of objects");
    cs_grid_add(&small, seen->maps, seen->rows, seen->cols, 1.0f);
    cs_status status = CS_OK;
    if (cs_grid_peak(&small) > 0) {
        status = cs_spread(job->model, features, 1, small.values, error);
        if (status == CS_OK) status = place(map, box, small.values, features, error);
    }
    free(small.values);
    return status;
}

static cs_status zoom(const cs_dense_zoom_job *job, size_t prompt, cs_dense_map *map, cs_error *error) {
    cs_region region;
    cs_features features = {0};
    cs_dense_view seen = {0};
    cs_status status = find_region(&map->scores, &region, error);
    if (status != CS_OK) return status;
    cell_box box = surroundings(&map->scores, &region, job->recipe->zoom_reach);
    const cs_dense_sight sight = {.model = job->model,
                                  .embeddings = job->prompts->embeddings + prompt * (size_t)job->prompts->dim,
                                  .count = 1,
                                  .view = crop(job->image, &map->scores, &box),
                                  .pass = job->recipe->zoom};
    status = cs_dense_see(&sight, &features, NULL, &seen, error);
    if (status == CS_OK) status = spread_near(job, &seen, &features, &box, map, error);
    free(seen.maps);
    free(features.data);
    return status;
}

/* Each prompt has its own pass, so that none depends on which others are asked for. */
cs_status cs_dense_zoom(const cs_dense_zoom_job *job, cs_dense_map *maps, cs_error *error) {
    for (size_t p = 0; p < job->prompts->count; p++) {
        if (!maps[p].zoomed) continue;
        if (cs_grid_peak(&maps[p].scores) > job->recipe->spread_from) {
            cs_status status = zoom(job, p, &maps[p], error);
            if (status != CS_OK) return status;
        }
        maps[p].zoomed = maps[p].extent != NULL; /* maybe nothing was seen from near */
    }
    return CS_OK;
}

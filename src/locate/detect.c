#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/dense.h"
#include "locate/detections.h"
#include "locate/grid.h"
#include "locate/localize.h"
#include "locate/maps.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"

/* Shares of the highest value above which a cell belongs to an object. The window map falls off slowly, since windows
 * overlap; the dense one steeply. */
static const float window_threshold = 0.5f, dense_threshold = 0.3f;

/* How much of the map that boxes are drawn in is the object's extent; the rest is its scores. docs/methods.md says what
 * this gave. */
static const float extent_weight = 0.5f;

/* The starter's scores are shares of evidence. A CLIP's are cosines, which are high for anything: without a calibration
 * every box is shown. */
static const float starter_min_score = 0.2f;

float cs_model_default_min_score(const cs_model *model) {
    return model->config.layout == CS_LAYOUT_STARTER ? starter_min_score : 0.0f;
}

static cs_status add_box(const cs_grid *grid, const cs_region *region, size_t prompt, float score, float min_score,
                         cs_detections *detections, cs_error *error) {
    if (score < 0) score = 0;
    if (score > 1) score = 1;
    if (score < min_score) return CS_OK;
    cs_detection box = {.prompt = prompt,
                        .score = score,
                        .x = (float)region->left * grid->cell_width,
                        .y = (float)region->top * grid->cell_height,
                        .width = (float)(region->right - region->left) * grid->cell_width,
                        .height = (float)(region->bottom - region->top) * grid->cell_height};
    return cs_detections_append(detections, &box, error);
}

/* How a region's score is told: the chapter gives none, so its recipe takes the mean of the normalised map in the box;
 * the others the region's highest cosine. */
typedef float score_fn(const cs_grid *grid, const cs_region *region);

static float peak_score(const cs_grid *grid, const cs_region *region) {
    (void)grid;
    return region->peak;
}

static float mean_in_box(const cs_grid *grid, const cs_region *region) {
    double sum = 0;
    for (int row = region->top; row < region->bottom; row++)
        for (int col = region->left; col < region->right; col++)
            sum += (double)grid->values[(size_t)row * (size_t)grid->cols + (size_t)col];
    return (float)(sum / ((double)(region->bottom - region->top) * (region->right - region->left)));
}

/* Boxes around the cells above the threshold: one per connected region, or one around them all. Regions are scored by
 * `scores` [rows, cols]; NULL: by the grid itself. */
static cs_status find_boxes(const cs_grid *grid, float threshold, const float *scores, int single, size_t prompt,
                            score_fn *score, float min_score, cs_detections *detections, cs_error *error) {
    if (single) {
        cs_region region = cs_grid_single_region(grid, threshold, scores);
        if (region.cells == 0) return CS_OK;
        return add_box(grid, &region, prompt, score(grid, &region), min_score, detections, error);
    }
    cs_region *regions;
    size_t count;
    cs_status status = cs_grid_regions(grid, threshold, scores, &regions, &count, error);
    for (size_t i = 0; status == CS_OK && i < count; i++)
        status = add_box(grid, &regions[i], prompt, score(grid, &regions[i]), min_score, detections, error);
    free(regions);
    return status;
}

/* The chapter to the letter: mean of the windows, clipped three times, normalised, everything above the threshold in
 * one box. */
static cs_status chapter_boxes(const cs_map *map, const cs_detect_options *options, size_t prompt,
                               cs_detections *detections, cs_error *error) {
    cs_grid grid = {map->rows, map->cols, (float)map->patch, (float)map->patch, (float *)map->cells};
    size_t count = (size_t)map->rows * (size_t)map->cols;
    for (int i = 0; i < 3; i++)
        cs_map_clip(grid.values, count);
    cs_map_normalise(grid.values, count);
    float threshold = options->threshold > 0 ? options->threshold : 0.5f;
    return find_boxes(&grid, threshold, NULL, 1, prompt, mean_in_box, options->min_score, detections, error);
}

/* Scores of this method are cosines, so that one minimum serves all prompts. */
static cs_status window_boxes(const cs_model *model, const cs_map *map, const cs_detect_options *options, size_t prompt,
                              cs_detections *detections, cs_error *error) {
    cs_grid grid = {map->rows, map->cols, (float)map->patch, (float)map->patch, (float *)map->cells};
    size_t count = (size_t)map->rows * (size_t)map->cols;
    float share = options->threshold > 0 ? options->threshold : window_threshold;
    float logit = cs_highest(map->logits, (size_t)map->window_rows * (size_t)map->window_cols);
    float best = (logit - model->logit_bias) / model->logit_scale;
    cs_map_clip(grid.values, count);
    cs_map_normalise(grid.values, count);
    for (size_t i = 0; i < count; i++)
        grid.values[i] *= best;
    return find_boxes(&grid, share * best, NULL, options->single, prompt, peak_score, options->min_score, detections,
                      error);
}

static cs_status detect_by_windows(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                                   const cs_detect_options *options, cs_detections *detections, cs_error *error) {
    cs_maps *maps;
    cs_status status = cs_window_maps(model, prompts, image, &options->localize, &maps, error);
    if (status != CS_OK) return status;
    for (size_t p = 0; status == CS_OK && p < prompts->count; p++) {
        if (options->localize.recipe == CS_RECIPE_CHAPTER) {
            status = chapter_boxes(&maps->items[p], options, p, detections, error);
        } else {
            status = window_boxes(model, &maps->items[p], options, p, detections, error);
        }
    }
    cs_maps_destroy(maps);
    return status;
}

/* The map that boxes are drawn in: the extent where there is one, mixed with the scores, whose valleys part things that
 * look alike. */
static void mix_extent(const cs_dense_map *map, float peak, float *mixed) {
    for (size_t i = 0; i < (size_t)map->scores.rows * (size_t)map->scores.cols; i++) {
        float share = map->scores.values[i] / peak;
        mixed[i] = map->extent ? extent_weight * map->extent[i] + (1 - extent_weight) * share : share;
    }
}

static cs_status dense_boxes(const cs_dense_map *map, const cs_detect_options *options, size_t prompt, float *mixed,
                             cs_detections *detections, cs_error *error) {
    float peak = cs_grid_peak(&map->scores), threshold = options->threshold > 0 ? options->threshold : dense_threshold;
    cs_grid grid = map->scores;
    if (peak <= 0) return CS_OK;
    mix_extent(map, peak, mixed);
    grid.values = mixed;
    return find_boxes(&grid, threshold, map->scores.values, options->single, prompt, peak_score, options->min_score,
                      detections, error);
}

static cs_status detect_densely(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                                const cs_detect_options *options, cs_detections *detections, cs_error *error) {
    cs_dense_map *maps;
    cs_status status =
        cs_dense_maps(model, prompts, image, &cs_dense_default, &options->localize.progress, &maps, error);
    if (status != CS_OK) return status;
    float *mixed = cs_alloc((size_t)maps[0].scores.rows * (size_t)maps[0].scores.cols, sizeof *mixed);
    if (!mixed) status = cs_fail_memory(error, "the extent of objects");
    for (size_t p = 0; status == CS_OK && p < prompts->count; p++)
        status = dense_boxes(&maps[p], options, p, mixed, detections, error);
    free(mixed);
    cs_dense_free(maps, prompts->count);
    return status;
}

static int by_prompt_then_score(const void *a, const void *b) {
    const cs_detection *left = a, *right = b;
    if (left->prompt != right->prompt) return left->prompt < right->prompt ? -1 : 1;
    if (left->score != right->score) return left->score > right->score ? -1 : 1;
    if (left->y != right->y) return left->y < right->y ? -1 : 1;
    return (left->x > right->x) - (left->x < right->x);
}

static cs_status check_options(const cs_detect_options *options, cs_error *error) {
    if (!(options->threshold >= 0 && options->threshold < 1))
        return cs_fail(error, CS_ERR_ARGUMENT, "threshold: expected a number from 0 to below 1, got %g",
                       (double)options->threshold);
    if (!(options->min_score >= 0 && options->min_score <= 1))
        return cs_fail(error, CS_ERR_ARGUMENT, "min_score: expected a number from 0 to 1, got %g",
                       (double)options->min_score);
    return CS_OK;
}

cs_status cs_detect(cs_model *model, const cs_prompts *prompts, const cs_image *image, const cs_detect_options *options,
                    cs_detections **detections, cs_error *error) {
    const cs_detect_options defaults = CS_DETECT_OPTIONS_DEFAULT;
    if (!options) options = &defaults;
    const cs_localize_options *window = &options->localize;
    int by_windows = window->recipe == CS_RECIPE_CHAPTER || window->patch || window->window || window->stride ||
                     !model->image->ops->dense;
    cs_detections *made = NULL;
    cs_status status = check_options(options, error);
    if (status == CS_OK) status = cs_detections_create(&made, error);
    if (status == CS_OK)
        status = by_windows ? detect_by_windows(model, prompts, image, options, made, error)
                            : detect_densely(model, prompts, image, options, made, error);
    if (status != CS_OK) {
        cs_detections_destroy(made);
        return status;
    }
    if (made->count > 1) qsort(made->items, made->count, sizeof *made->items, by_prompt_then_score);
    *detections = made;
    return CS_OK;
}

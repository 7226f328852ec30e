#include "locate/dense.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/dense_doubt.h"
#include "locate/dense_pass.h"
#include "locate/dense_zoom.h"
#include "locate/spread.h"
#include "model/model.h"
#include "model/prompts.h"

/* Cells of the final grid per cell of the finest map, along each side: boxes end between cells. */
enum { GRID_REFINEMENT = 2 };

static int count_passes(const cs_dense_recipe *recipe) {
    int count = 0;
    while (count < CS_DENSE_PASSES && recipe->passes[count].size > 0)
        count++;
    return count;
}

/* Everything a detection's passes share. */
typedef struct dense_work {
    cs_model *model;
    const cs_prompts *prompts;
    const cs_image *image;
    const cs_dense_recipe *recipe;
    const cs_localize_options *options;
    size_t done, total; /* passes; all near ones together are one, since how many there are is known late */
    cs_dense_map *maps; /* [prompts] */
    cs_features features;
    cs_certainty certainty; /* of the pass that gives the features, where there is a detail pass */
    cs_dense_view detail;
} dense_work;

/* One pass over the whole photograph. out: see cs_dense_see(). features and certainty may be NULL. */
static cs_status run_pass(const dense_work *work, const cs_dense_pass *pass, cs_features *features,
                          cs_certainty *certainty, cs_dense_view *out, cs_error *error) {
    cs_dense_sight sight = {.model = work->model,
                            .embeddings = work->prompts->embeddings,
                            .count = work->prompts->count,
                            .view = cs_image_view(work->image),
                            .pass = *pass,
                            .variant = work->options->variant};
    return cs_dense_see(&sight, features, certainty, out, error);
}

void cs_dense_free(cs_dense_map *maps, size_t count) {
    if (!maps) return;
    for (size_t i = 0; i < count; i++) {
        free(maps[i].scores.values);
        free(maps[i].extent);
    }
    free(maps);
}

static int wants_detail(const dense_work *work) {
    int shorter = work->image->width < work->image->height ? work->image->width : work->image->height;
    return work->recipe->detail.size > 0 && shorter >= work->recipe->detail_from;
}

/* The largest of the averaged passes, whose middle features tell the extents. */
static const cs_dense_pass *main_pass(const cs_dense_recipe *recipe) {
    const cs_dense_pass *largest = &recipe->passes[0];
    for (int i = 1; i < count_passes(recipe); i++)
        if (recipe->passes[i].size > largest->size) largest = &recipe->passes[i];
    return largest;
}

/* Empty maps, fine enough for the largest pass. */
static cs_status make_maps(dense_work *work, cs_error *error) {
    int height, width, rows, cols;
    const cs_dense_pass *finest = wants_detail(work) ? &work->recipe->detail : main_pass(work->recipe);
    cs_dense_pass_size(work->image->width, work->image->height, finest->size, work->model->image->dense_step, &height,
                       &width);
    work->model->image->ops->dense_size(work->model->image, height, width, 0, &rows, &cols);
    rows *= GRID_REFINEMENT;
    cols *= GRID_REFINEMENT;
    const cs_grid empty = {rows, cols, (float)work->image->width / (float)cols,
                           (float)work->image->height / (float)rows, NULL};
    work->maps = cs_alloc_zero(work->prompts->count, sizeof *work->maps);
    if (!work->maps) return cs_fail_memory(error, "dense maps");
    for (size_t i = 0; i < work->prompts->count; i++) {
        work->maps[i].scores = empty;
        work->maps[i].scores.values = cs_alloc_zero((size_t)rows * (size_t)cols, sizeof(float));
        if (!work->maps[i].scores.values) return cs_fail_memory(error, "dense maps");
    }
    return CS_OK;
}

typedef void merge_fn(cs_grid *target, const float *source, int rows, int cols, float weight);

static void merge_maps(dense_work *work, const cs_dense_view *seen, merge_fn *merge, float weight) {
    size_t cells = (size_t)seen->rows * (size_t)seen->cols;
    for (size_t p = 0; p < work->prompts->count; p++)
        merge(&work->maps[p].scores, seen->maps + p * cells, seen->rows, seen->cols, weight);
}

/* One of the averaged passes. */
static cs_status average_pass(dense_work *work, const cs_dense_pass *pass, float weight, cs_error *error) {
    cs_dense_view seen;
    int is_main = pass == main_pass(work->recipe);
    cs_status status = run_pass(work, pass, is_main ? &work->features : NULL,
                                is_main && wants_detail(work) ? &work->certainty : NULL, &seen, error);
    if (status != CS_OK) return status;
    merge_maps(work, &seen, cs_grid_add, weight);
    free(seen.maps);
    return cs_progress_report(&work->options->progress, ++work->done, work->total, error);
}

/* The pass for small objects in large photographs comes first, although its map is needed last: memory that has held
 * its maps has room for all others. */
static cs_status run_detail(dense_work *work, cs_error *error) {
    cs_status status = run_pass(work, &work->recipe->detail, NULL, NULL, &work->detail, error);
    if (status != CS_OK) return status;
    return cs_progress_report(&work->options->progress, ++work->done, work->total, error);
}

static cs_status average_passes(dense_work *work, cs_error *error) {
    int passes = count_passes(work->recipe);
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < passes; i++)
        status = average_pass(work, &work->recipe->passes[i], 1.0f / (float)passes, error);
    return status;
}

float cs_grid_peak(const cs_grid *grid) {
    return cs_highest(grid->values, (size_t)grid->rows * (size_t)grid->cols);
}

/* Prompts that are there, by index. Returns how many. */
static int pick_present(const dense_work *work, size_t *picked) {
    int count = 0;
    for (size_t p = 0; p < work->prompts->count; p++) {
        work->maps[p].found_at = cs_grid_peak(&work->maps[p].scores);
        if (work->maps[p].found_at > work->recipe->spread_from) picked[count++] = p;
    }
    return count;
}

/* Brings an extent back from the features' grid to the map's. */
static cs_status keep_extent(const dense_work *work, const float *spread, cs_dense_map *map, cs_error *error) {
    cs_grid extent = map->scores;
    extent.values = cs_alloc_zero((size_t)extent.rows * (size_t)extent.cols, sizeof(float));
    if (!extent.values) return cs_fail_memory(error, "the extent of objects");
    cs_grid_add(&extent, spread, work->features.rows, work->features.cols, 1.0f);
    map->extent = extent.values;
    return CS_OK;
}

/* Finds how far each prompt that is there reaches. spread: room for [picked, cells] on the features' grid. */
static cs_status find_extents(dense_work *work, const size_t *picked, int count, float *spread, cs_error *error) {
    int rows = work->features.rows, cols = work->features.cols;
    size_t cells = (size_t)rows * (size_t)cols;
    for (int i = 0; i < count; i++) {
        const cs_grid *scores = &work->maps[picked[i]].scores;
        cs_grid small = {rows, cols, 0, 0, spread + (size_t)i * cells};
        cs_grid_add(&small, scores->values, scores->rows, scores->cols, 1.0f);
    }
    cs_status status = cs_spread(work->model, &work->features, count, spread, error);
    for (int i = 0; status == CS_OK && i < count; i++)
        status = keep_extent(work, spread + (size_t)i * cells, &work->maps[picked[i]], error);
    return status;
}

static cs_status spread_present(dense_work *work, cs_error *error) {
    size_t *picked = cs_alloc(work->prompts->count, sizeof *picked);
    if (!picked) return cs_fail_memory(error, "the extent of objects");
    int count = pick_present(work, picked);
    size_t cells = (size_t)work->features.rows * (size_t)work->features.cols;
    float *spread = cs_alloc_zero((size_t)count * cells, sizeof *spread);
    cs_status status =
        spread ? find_extents(work, picked, count, spread, error) : cs_fail_memory(error, "the extent of objects");
    free(spread);
    free(picked);
    return status;
}

/* Where the detail pass saw more, and is to be believed, it wins. */
static cs_status add_detail(dense_work *work, cs_error *error) {
    const cs_dense_recipe *recipe = work->recipe;
    if (!work->detail.maps) return CS_OK;
    cs_status status = cs_dense_doubt(recipe, &work->certainty, work->prompts->count, work->detail.rows,
                                      work->detail.cols, work->detail.maps, error);
    if (status != CS_OK) return status;
    merge_maps(work, &work->detail, cs_grid_raise, 1.0f);
    for (size_t p = 0; p < work->prompts->count; p++) {
        cs_dense_map *map = &work->maps[p];
        if (cs_grid_peak(&map->scores) <= recipe->detail_gain * map->found_at) continue;
        free(map->extent);
        map->extent = NULL;
        map->zoomed = 1;
    }
    return CS_OK;
}

/* What only the detail pass found is looked at once more, from near. */
static cs_status zoom(dense_work *work, cs_error *error) {
    const cs_dense_zoom_job job = {work->model, work->prompts, work->image, work->recipe};
    if (!work->detail.maps) return CS_OK;
    cs_status status = cs_dense_zoom(&job, work->maps, error);
    if (status != CS_OK) return status;
    return cs_progress_report(&work->options->progress, ++work->done, work->total, error);
}

static cs_status run_passes(dense_work *work, cs_error *error) {
    cs_status status = make_maps(work, error);
    if (status == CS_OK) status = cs_progress_report(&work->options->progress, 0, work->total, error);
    if (status == CS_OK && wants_detail(work)) status = run_detail(work, error);
    if (status == CS_OK) status = average_passes(work, error);
    if (status == CS_OK && work->features.data) status = spread_present(work, error);
    if (status == CS_OK) status = add_detail(work, error);
    if (status == CS_OK) status = zoom(work, error);
    return status;
}

cs_status cs_dense_maps(const cs_method_job *job, const cs_dense_recipe *recipe, cs_dense_map **maps, cs_error *error) {
    dense_work work = {
        .model = job->model, .prompts = job->prompts, .image = job->image, .recipe = recipe, .options = job->options};
    work.total = (size_t)(count_passes(recipe) + 2 * wants_detail(&work));
    cs_status status = run_passes(&work, error);
    free(work.features.data);
    free(work.certainty.values);
    free(work.detail.maps);
    if (status != CS_OK) {
        cs_dense_free(work.maps, job->prompts->count);
        return status;
    }
    *maps = work.maps;
    return CS_OK;
}

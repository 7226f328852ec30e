#include "locate/dense.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/dense_doubt.h"
#include "locate/spread.h"
#include "model/model.h"
#include "model/prompts.h"

/* A photograph more elongated than this is seen at a smaller size, or its map would grow without bound. */
enum { MAX_ASPECT = 4 };

/* Cells of the final grid per cell of the finest map, along each side: boxes end between cells. */
enum { GRID_REFINEMENT = 2 };

static int round_side(double side, int step) {
    int steps = (int)(side / step + 0.5);
    return (steps > 0 ? steps : 1) * step;
}

void cs_dense_pass_size(const cs_image *image, int size, int step, int *height, int *width) {
    double shorter = image->width < image->height ? image->width : image->height;
    double longer = image->width < image->height ? image->height : image->width;
    double scale = size / shorter;
    if (longer * scale > (double)MAX_ASPECT * size) scale = (double)MAX_ASPECT * size / longer;
    *height = round_side(image->height * scale, step);
    *width = round_side(image->width * scale, step);
}

static int count_until_zero(const int *values, int limit) {
    int count = 0;
    while (count < limit && values[count] > 0)
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
    size_t done, total; /* passes */
    cs_dense_map *maps; /* [prompts] */
    cs_features features;
    cs_certainty certainty; /* of the pass that gives the features, where there is a detail pass */
    float *detail;          /* [prompts, detail_rows, detail_cols], or NULL */
    int detail_rows, detail_cols;
} dense_work;

/* Room for what a pass saw, whatever the prompts. */
static cs_status make_certainty(int rows, int cols, cs_certainty *certainty, cs_error *error) {
    *certainty = (cs_certainty){rows, cols, cs_alloc_zero((size_t)rows * (size_t)cols, sizeof(float))};
    return certainty->values ? CS_OK : cs_fail_memory(error, "a dense map");
}

/* One pass. *maps: [prompts, rows, cols], released with free(). features and certainty may be NULL. */
static cs_status run_pass(const dense_work *work, int size, cs_features *features, cs_certainty *certainty,
                          float **maps, int *rows, int *cols, cs_error *error) {
    cs_model *model = work->model;
    size_t prompts = work->prompts->count;
    int coarse = size == work->recipe->detail_size;
    const int *sides = coarse ? work->recipe->detail_sides : work->recipe->sides;
    cs_dense_input input = {
        .coarse = coarse, .sides = sides, .side_count = count_until_zero(sides, 3), .variant = work->options->variant};
    cs_dense_pass_size(work->image, size, work->model->image->dense_step, &input.height, &input.width);
    model->image->ops->dense_size(model->image, input.height, input.width, coarse, rows, cols);
    float *picture = cs_alloc((size_t)input.height * (size_t)input.width, 3 * sizeof *picture);
    float *out = cs_alloc(prompts * (size_t)*rows, (size_t)*cols * sizeof *out);
    cs_status status = picture && out ? CS_OK : cs_fail_memory(error, "a dense map");
    if (status == CS_OK && certainty) status = make_certainty(*rows, *cols, certainty, error);
    if (status == CS_OK)
        status = cs_preprocess_resized(&model->preprocess, cs_image_view(work->image), input.height, input.width,
                                       picture, error);
    input.picture = picture;
    input.certainty = certainty ? certainty->values : NULL;
    if (status == CS_OK)
        status = model->image->ops->dense(model->image, &input, work->prompts->embeddings, (int)prompts, out, features,
                                          error);
    free(picture);
    if (status != CS_OK) {
        free(out);
        return status;
    }
    *maps = out;
    return CS_OK;
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
    return work->recipe->detail_size > 0 && shorter >= work->recipe->detail_from;
}

/* The largest of the averaged sizes, whose middle features tell the extents. */
static int main_size(const cs_dense_recipe *recipe) {
    int largest = 0;
    for (int i = 0; i < count_until_zero(recipe->sizes, CS_DENSE_SIZES); i++)
        largest = recipe->sizes[i] > largest ? recipe->sizes[i] : largest;
    return largest;
}

/* Empty maps, fine enough for the largest pass. */
static cs_status make_maps(dense_work *work, cs_error *error) {
    int height, width, rows, cols;
    cs_dense_pass_size(work->image, wants_detail(work) ? work->recipe->detail_size : main_size(work->recipe),
                       work->model->image->dense_step, &height, &width);
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

static void merge_maps(dense_work *work, const float *maps, int rows, int cols, merge_fn *merge, float weight) {
    for (size_t p = 0; p < work->prompts->count; p++)
        merge(&work->maps[p].scores, maps + p * (size_t)rows * (size_t)cols, rows, cols, weight);
}

/* One of the averaged passes. */
static cs_status average_pass(dense_work *work, int size, float weight, cs_error *error) {
    float *maps;
    int rows, cols;
    int is_main = size == main_size(work->recipe);
    cs_status status = run_pass(work, size, is_main ? &work->features : NULL,
                                is_main && wants_detail(work) ? &work->certainty : NULL, &maps, &rows, &cols, error);
    if (status != CS_OK) return status;
    merge_maps(work, maps, rows, cols, cs_grid_add, weight);
    free(maps);
    return cs_progress_report(&work->options->progress, ++work->done, work->total, error);
}

/* The pass for small objects in large photographs comes first, although its map is needed last: memory that has held
 * its maps has room for all others. */
static cs_status run_detail(dense_work *work, cs_error *error) {
    cs_status status = run_pass(work, work->recipe->detail_size, NULL, NULL, &work->detail, &work->detail_rows,
                                &work->detail_cols, error);
    if (status != CS_OK) return status;
    return cs_progress_report(&work->options->progress, ++work->done, work->total, error);
}

static cs_status average_passes(dense_work *work, cs_error *error) {
    int sizes = count_until_zero(work->recipe->sizes, CS_DENSE_SIZES);
    cs_status status = CS_OK;
    for (int i = 0; status == CS_OK && i < sizes; i++)
        status = average_pass(work, work->recipe->sizes[i], 1.0f / (float)sizes, error);
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
    if (!work->detail) return CS_OK;
    cs_status status = cs_dense_doubt(recipe, &work->certainty, work->prompts->count, work->detail_rows,
                                      work->detail_cols, work->detail, error);
    if (status != CS_OK) return status;
    merge_maps(work, work->detail, work->detail_rows, work->detail_cols, cs_grid_raise, 1.0f);
    for (size_t p = 0; p < work->prompts->count; p++) {
        cs_dense_map *map = &work->maps[p];
        if (cs_grid_peak(&map->scores) <= recipe->detail_gain * map->found_at) continue;
        free(map->extent);
        map->extent = NULL;
    }
    return CS_OK;
}

static cs_status run_passes(dense_work *work, cs_error *error) {
    cs_status status = make_maps(work, error);
    if (status == CS_OK) status = cs_progress_report(&work->options->progress, 0, work->total, error);
    if (status == CS_OK && wants_detail(work)) status = run_detail(work, error);
    if (status == CS_OK) status = average_passes(work, error);
    if (status == CS_OK && work->features.data) status = spread_present(work, error);
    if (status == CS_OK) status = add_detail(work, error);
    return status;
}

cs_status cs_dense_maps(const cs_method_job *job, const cs_dense_recipe *recipe, cs_dense_map **maps, cs_error *error) {
    dense_work work = {
        .model = job->model, .prompts = job->prompts, .image = job->image, .recipe = recipe, .options = job->options};
    work.total = (size_t)(count_until_zero(recipe->sizes, CS_DENSE_SIZES) + wants_detail(&work));
    cs_status status = run_passes(&work, error);
    free(work.features.data);
    free(work.certainty.values);
    free(work.detail);
    if (status != CS_OK) {
        cs_dense_free(work.maps, job->prompts->count);
        return status;
    }
    *maps = work.maps;
    return CS_OK;
}

#include "locate/dense.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/model.h"
#include "model/prompts.h"

const cs_dense_recipe cs_dense_default = {
    .sizes = {320, 448}, .detail_size = 1024, .detail_from = 1000, .detail_weight = 1.0f, .sides = {3, 5, 9}};

/* Sides of a pass are multiples of this, so that photographs of nearly the same shape share their primitives. */
enum { SIZE_STEP = 32 };

/* A photograph more elongated than this is seen at a smaller size, or its map would grow without bound. */
enum { MAX_ASPECT = 4 };

/* Cells of the final grid per cell of the finest averaged map, along each side: boxes end between cells. */
enum { GRID_REFINEMENT = 2, CELL = 16 };

static int round_side(double side) {
    int steps = (int)(side / SIZE_STEP + 0.5);
    return (steps > 0 ? steps : 1) * SIZE_STEP;
}

/* Size of a pass: the short side becomes `size`. */
static void pass_size(const cs_image *image, int size, int *height, int *width) {
    double shorter = image->width < image->height ? image->width : image->height;
    double longer = image->width < image->height ? image->height : image->width;
    double scale = size / shorter;
    if (longer * scale > (double)MAX_ASPECT * size) scale = (double)MAX_ASPECT * size / longer;
    *height = round_side(image->height * scale);
    *width = round_side(image->width * scale);
}

static int count_until_zero(const int *values, int limit) {
    int count = 0;
    while (count < limit && values[count] > 0)
        count++;
    return count;
}

/* One pass. *maps: [prompts, rows, cols], released with free(). */
static cs_status run_pass(cs_model *model, const cs_prompts *prompts, const cs_image *image, int size,
                          const cs_dense_recipe *recipe, float **maps, int *rows, int *cols, cs_error *error) {
    cs_dense_input input = {.sides = recipe->sides, .side_count = count_until_zero(recipe->sides, 3)};
    pass_size(image, size, &input.height, &input.width);
    model->image->ops->dense_size(model->image, input.height, input.width, rows, cols);
    float *picture = cs_alloc((size_t)input.height * (size_t)input.width, 3 * sizeof *picture);
    float *out = cs_alloc(prompts->count * (size_t)*rows, (size_t)*cols * sizeof *out);
    cs_status status = picture && out ? CS_OK : cs_fail_memory(error, "a dense map");
    if (status == CS_OK)
        status =
            cs_preprocess_resized(&model->preprocess, cs_image_view(image), input.height, input.width, picture, error);
    input.picture = picture;
    if (status == CS_OK)
        status = model->image->ops->dense(model->image, &input, prompts->embeddings, (int)prompts->count, out, error);
    free(picture);
    if (status != CS_OK) {
        free(out);
        return status;
    }
    *maps = out;
    return CS_OK;
}

void cs_dense_free(cs_grid *grids, size_t count) {
    if (!grids) return;
    for (size_t i = 0; i < count; i++)
        free(grids[i].values);
    free(grids);
}

/* Empty grids, fine enough for the largest of the averaged passes. */
static cs_status make_grids(const cs_image *image, const cs_dense_recipe *recipe, size_t count, cs_grid **grids,
                            cs_error *error) {
    int largest = 0, height, width;
    for (int i = 0; i < count_until_zero(recipe->sizes, CS_DENSE_SIZES); i++)
        largest = recipe->sizes[i] > largest ? recipe->sizes[i] : largest;
    if (recipe->detail_size && (image->width < image->height ? image->width : image->height) >= recipe->detail_from)
        largest = recipe->detail_size;
    pass_size(image, largest, &height, &width);
    int rows = height / CELL * GRID_REFINEMENT, cols = width / CELL * GRID_REFINEMENT;
    cs_grid *made = cs_alloc_zero(count, sizeof *made);
    if (!made) return cs_fail_memory(error, "dense maps");
    for (size_t i = 0; i < count; i++) {
        made[i] = (cs_grid){rows, cols, (float)image->width / (float)cols, (float)image->height / (float)rows, NULL};
        made[i].values = cs_alloc_zero((size_t)rows * (size_t)cols, sizeof *made[i].values);
        if (!made[i].values) {
            cs_dense_free(made, count);
            return cs_fail_memory(error, "dense maps");
        }
    }
    *grids = made;
    return CS_OK;
}

typedef void merge_fn(cs_grid *target, const float *source, int rows, int cols, float weight);

static cs_status merge_pass(cs_model *model, const cs_prompts *prompts, const cs_image *image, int size,
                            const cs_dense_recipe *recipe, merge_fn *merge, float weight, cs_grid *grids,
                            cs_error *error) {
    float *maps;
    int rows, cols;
    cs_status status = run_pass(model, prompts, image, size, recipe, &maps, &rows, &cols, error);
    if (status != CS_OK) return status;
    for (size_t p = 0; p < prompts->count; p++)
        merge(&grids[p], maps + p * (size_t)rows * (size_t)cols, rows, cols, weight);
    free(maps);
    return CS_OK;
}

static cs_status fill_grids(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                            const cs_dense_recipe *recipe, const cs_progress *progress, cs_grid *grids,
                            cs_error *error) {
    int sizes = count_until_zero(recipe->sizes, CS_DENSE_SIZES);
    int shorter = image->width < image->height ? image->width : image->height;
    int detail = recipe->detail_size && shorter >= recipe->detail_from;
    size_t done = 0, total = (size_t)(sizes + detail);
    cs_status status = cs_progress_report(progress, done, total, error);
    for (int i = 0; status == CS_OK && i < sizes; i++) {
        status =
            merge_pass(model, prompts, image, recipe->sizes[i], recipe, cs_grid_add, 1.0f / (float)sizes, grids, error);
        if (status == CS_OK) status = cs_progress_report(progress, ++done, total, error);
    }
    if (status == CS_OK && detail) {
        status = merge_pass(model, prompts, image, recipe->detail_size, recipe, cs_grid_raise, recipe->detail_weight,
                            grids, error);
        if (status == CS_OK) status = cs_progress_report(progress, ++done, total, error);
    }
    return status;
}

cs_status cs_dense_maps(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                        const cs_dense_recipe *recipe, const cs_progress *progress, cs_grid **grids, cs_error *error) {
    cs_grid *made;
    cs_status status = make_grids(image, recipe, prompts->count, &made, error);
    if (status != CS_OK) return status;
    status = fill_grids(model, prompts, image, recipe, progress, made, error);
    if (status != CS_OK) {
        cs_dense_free(made, prompts->count);
        return status;
    }
    *grids = made;
    return CS_OK;
}

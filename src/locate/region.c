/* The region method: the photograph is cut into regions of like pixels at several scales, each is given an embedding of
 * its own in one pass of the encoder, and a place's cosine is the mean of those of the regions that it lies in.
 * Source: Li, Shakhnarovich and Yeh, "Adapting CLIP for phrase localization without further training" (2022). */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "locate/dense.h"
#include "locate/method.h"
#include "locate/superpixels.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"
#include "model/unit.h"

/* About how many regions the photograph is cut into, in turn. */
enum { SCALES = 4 };
static const int scales[SCALES] = {10, 50, 100, 200};

/* Short sides of the picture that regions are found in, and of the map, which ends between cells. */
enum { PICTURE_SIZE = 256, MAP_SIZE = 64 };

typedef struct region_work {
    const cs_method_job *job;
    cs_dense_input input;
    int grid_rows, grid_cols; /* of the encoder's dense map */
    int rows, cols;           /* of the map */
    cs_superpixels cuts[SCALES];
    size_t first[SCALES]; /* number of each cut's first region among all */
    size_t regions;
    unsigned char *masks; /* [regions, grid_rows * grid_cols] */
    float *embeddings;    /* [regions, dim] */
    float *cosines;       /* [regions] with one prompt */
} region_work;

/* The pixel below the centre of cell number `cell` of `cells`. */
static int centre_of(int cell, int cells, int pixels) {
    return (int)(((int64_t)2 * cell + 1) * pixels / (2 * (int64_t)cells));
}

/* The region under the centre of a cell of a grid of rows x cols. */
static int32_t label_under(const cs_superpixels *cut, int row, int rows, int col, int cols) {
    return cut
        ->labels[(size_t)centre_of(row, rows, cut->rows) * (size_t)cut->cols + (size_t)centre_of(col, cols, cut->cols)];
}

static cs_status make_lab(const region_work *work, cs_lab *lab, cs_error *error) {
    int height, width;
    const cs_model *model = work->job->model;
    cs_dense_pass_size(work->job->image->width, work->job->image->height, PICTURE_SIZE, 1, &height, &width);
    uint8_t *pixels = cs_alloc((size_t)height, (size_t)width * 3);
    if (!pixels) return cs_fail_memory(error, "a smaller photograph");
    cs_status status = cs_resample(cs_image_view(work->job->image), width, height, CS_FILTER_BICUBIC, model->threads,
                                   pixels, (size_t)width * 3, error);
    if (status == CS_OK) status = cs_lab_create((cs_view){pixels, (size_t)width * 3, width, height}, lab, error);
    free(pixels);
    return status;
}

static cs_status cut(region_work *work, cs_error *error) {
    cs_lab lab = {0, 0, NULL};
    cs_status status = make_lab(work, &lab, error);
    for (int i = 0; status == CS_OK && i < SCALES; i++) {
        status = cs_superpixels_create(&lab, scales[i], &work->cuts[i], error);
        work->first[i] = work->regions;
        work->regions += (size_t)work->cuts[i].count;
    }
    cs_lab_free(&lab);
    return status;
}

/* A region that is too small to lie under any cell's centre takes the cell that it begins in. */
static void mark_small(const region_work *work, const cs_superpixels *cut, unsigned char *masks) {
    size_t cells = (size_t)work->grid_rows * (size_t)work->grid_cols;
    int32_t next = 0; /* regions are numbered in the order of their first pixels */
    for (size_t at = 0; next < cut->count; at++) {
        if (cut->labels[at] != next) continue;
        unsigned char *mask = masks + (size_t)next++ * cells;
        if (memchr(mask, 1, cells)) continue;
        int64_t row = (int64_t)(at / (size_t)cut->cols), col = (int64_t)(at % (size_t)cut->cols);
        mask[row * work->grid_rows / cut->rows * work->grid_cols + col * work->grid_cols / cut->cols] = 1;
    }
}

static void mark(const region_work *work, const cs_superpixels *cut, unsigned char *masks) {
    size_t cells = (size_t)work->grid_rows * (size_t)work->grid_cols, at = 0;
    for (int row = 0; row < work->grid_rows; row++)
        for (int col = 0; col < work->grid_cols; col++, at++)
            masks[(size_t)label_under(cut, row, work->grid_rows, col, work->grid_cols) * cells + at] = 1;
    mark_small(work, cut, masks);
}

static cs_status make_masks(region_work *work, cs_error *error) {
    size_t cells = (size_t)work->grid_rows * (size_t)work->grid_cols;
    work->masks = cs_alloc_zero(work->regions, cells);
    work->embeddings = cs_alloc(work->regions * (size_t)work->job->model->config.dim, sizeof *work->embeddings);
    work->cosines = cs_alloc(work->regions, sizeof *work->cosines);
    if (!work->masks || !work->embeddings || !work->cosines) return cs_fail_memory(error, "regions");
    for (int i = 0; i < SCALES; i++)
        mark(work, &work->cuts[i], work->masks + work->first[i] * cells);
    return CS_OK;
}

static cs_status embed(region_work *work, cs_error *error) {
    cs_model *model = work->job->model;
    cs_dense_input *input = &work->input;
    float *picture = cs_alloc((size_t)input->height * (size_t)input->width, 3 * sizeof *picture);
    if (!picture) return cs_fail_memory(error, "a picture");
    double start = cs_clock();
    cs_status status = cs_preprocess_resized(&model->preprocess, cs_image_view(work->job->image), input->height,
                                             input->width, picture, error);
    start = cs_clock_lap(&model->work.prepare_seconds, start);
    input->picture = picture;
    if (status == CS_OK)
        status =
            model->image->ops->regions(model->image, input, work->masks, (int)work->regions, work->embeddings, error);
    cs_clock_lap(&model->work.image_seconds, start);
    free(picture);
    return status;
}

/* The mean over the cuts of the cosine of the region that the cell lies in. */
static float cell_cosine(const region_work *work, int row, int col) {
    float sum = 0;
    for (int i = 0; i < SCALES; i++)
        sum += work->cosines[work->first[i] + (size_t)label_under(&work->cuts[i], row, work->rows, col, work->cols)];
    return sum / SCALES;
}

static void fill_map(const region_work *work, const float *prompt, cs_map *map, float *cosines) {
    const cs_model *model = work->job->model;
    size_t dim = (size_t)model->config.dim, at = 0;
    float *raw = (float *)map->raw, *cells = (float *)map->cells;
    for (size_t i = 0; i < work->regions; i++)
        work->cosines[i] = cs_dot(work->embeddings + i * dim, prompt, dim);
    for (int row = 0; row < work->rows; row++) {
        for (int col = 0; col < work->cols; col++, at++) {
            cosines[at] = cell_cosine(work, row, col);
            raw[at] = model->logit_scale * cosines[at] + model->logit_bias;
        }
    }
    memcpy(cells, cosines, at * sizeof *cells);
    cs_map_normalise(cells, at);
}

static cs_status create_maps(region_work *work, cs_maps **maps, cs_error *error) {
    const cs_image *image = work->job->image;
    cs_dense_pass_size(image->width, image->height, MAP_SIZE, 1, &work->rows, &work->cols);
    const cs_map shape = {.method = CS_METHOD_REGION,
                          .rows = work->rows,
                          .cols = work->cols,
                          .cell_width = (float)image->width / (float)work->cols,
                          .cell_height = (float)image->height / (float)work->rows};
    return cs_maps_create(work->job->prompts->count, &shape, maps, error);
}

static cs_status run(region_work *work, cs_maps *maps, cs_error *error) {
    const cs_method_job *job = work->job;
    const cs_progress *progress = &job->options->progress;
    cs_image_encoder *encoder = job->model->image;
    cs_dense_input *input = &work->input;
    cs_dense_pass_size(job->image->width, job->image->height, cs_dense_recipe_of(job->model).passes[0].size,
                       encoder->dense_step, &input->height, &input->width);
    encoder->ops->dense_size(encoder, input->height, input->width, 0, &work->grid_rows, &work->grid_cols);
    cs_status status = cs_progress_report(progress, 0, 2, error);
    if (status == CS_OK) status = cut(work, error);
    if (status == CS_OK) status = make_masks(work, error);
    if (status == CS_OK) status = cs_progress_report(progress, 1, 2, error);
    if (status == CS_OK) status = embed(work, error);
    for (size_t p = 0; status == CS_OK && p < maps->count; p++)
        fill_map(work, job->prompts->embeddings + p * (size_t)job->prompts->dim, &maps->items[p], maps->cosines[p]);
    return status == CS_OK ? cs_progress_report(progress, 2, 2, error) : status;
}

static cs_status region_maps(const cs_method_job *job, cs_maps **maps, cs_error *error) {
    region_work work = {.job = job};
    cs_maps *made = NULL;
    cs_status status = create_maps(&work, &made, error);
    if (status == CS_OK) status = run(&work, made, error);
    for (int i = 0; i < SCALES; i++)
        cs_superpixels_free(&work.cuts[i]);
    free(work.masks);
    free(work.embeddings);
    free(work.cosines);
    if (status != CS_OK) {
        cs_maps_destroy(made);
        return status;
    }
    *maps = made;
    return CS_OK;
}

/* The mean over cuts falls off in steps, as fewer of the regions around an object are its own: hence the low threshold.
 * With the starter connected cells beat the source's rectangles; docs/quality.md has the figures. */
const cs_method_ops cs_method_region = {
    .name = "region", .starter = {CS_BOX_REGIONS, 0.2f}, .clip = {CS_BOX_RECTANGLES, 0.75f}, .maps = region_maps};

/* The occlusion method: a black square slides over the photograph. Where the likeness to the prompt drops, the square
 * hid what the prompt names.
 * Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), section 4.2. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "image/occluder.h"
#include "locate/method.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"
#include "model/unit.h"

/* Picture number 0 is the photograph as it is; number i + 1 has the black square at place i of the geometry. */
typedef struct occlusion_work {
    const cs_method_job *job;
    cs_map geometry;
    size_t pictures;
    cs_occluder *occluder;
    int width, height; /* of the resized photograph */
    int whole;         /* the resized photograph is the encoder's picture; otherwise that is cut from it */
    uint8_t *resized;  /* [height, width, 3] */
    float *embeddings; /* [pictures, dim] */
} occlusion_work;

/* A square that is cut from the centre would leave the ends of the photograph unseen, so the whole of it is squashed
 * into the encoder's square; the chapter's recipe takes the model's own way. */
static cs_status choose_size(occlusion_work *work, cs_error *error) {
    const cs_preprocess *preprocess = &work->job->model->preprocess;
    work->whole = work->job->options->recipe != CS_RECIPE_CHAPTER && preprocess->mode == CS_RESIZE_SHORTEST;
    work->width = work->height = preprocess->crop;
    if (work->whole) return CS_OK;
    return cs_preprocess_size(preprocess, cs_image_view(work->job->image), &work->width, &work->height, error);
}

static cs_status prepare(occlusion_work *work, cs_error *error) {
    const cs_method_job *job = work->job;
    cs_status status = choose_size(work, error);
    if (status != CS_OK) return status;
    work->resized = cs_alloc((size_t)work->height, (size_t)work->width * 3);
    work->embeddings = cs_alloc(work->pictures * (size_t)job->model->config.dim, sizeof(float));
    if (!work->resized || !work->embeddings) return cs_fail_memory(error, "occluded photographs");
    return cs_occluder_create(cs_image_view(job->image), work->width, work->height, job->model->preprocess.filter,
                              job->model->threads, &work->occluder, error);
}

/* Which picture comes at a turn: the photograph, and then the squares in the order that suits the occluder. */
static size_t picture_at(const occlusion_work *work, size_t turn) {
    size_t rows = (size_t)work->geometry.window_rows, cols = (size_t)work->geometry.window_cols;
    if (turn == 0 || !cs_occluder_by_columns(work->occluder)) return turn;
    return (turn - 1) % rows * cols + (turn - 1) / rows + 1;
}

/* out: [image_size, image_size, 3], as the encoder takes it. */
static cs_status make_picture(const occlusion_work *work, size_t picture, float *out, cs_error *error) {
    cs_black black = {0, 0, 0, 0};
    const cs_preprocess *preprocess = &work->job->model->preprocess;
    if (picture > 0) {
        cs_rect rect = cs_window_rect(&work->geometry, picture - 1);
        black = (cs_black){rect.x, rect.y, rect.width, rect.height};
    }
    cs_status status = cs_occluder_make(work->occluder, &black, work->resized, error);
    if (status != CS_OK) return status;
    cs_view resized = {work->resized, (size_t)work->width * 3, work->width, work->height};
    if (!work->whole) return cs_preprocess_photo(preprocess, resized, out, error);
    return cs_preprocess_resized(preprocess, resized, work->height, work->width, out, error);
}

/* pictures, embeddings: room for `count` of each. */
static cs_status embed_batch(occlusion_work *work, size_t first, size_t count, float *pictures, float *embeddings,
                             cs_error *error) {
    cs_model *model = work->job->model;
    size_t side = (size_t)model->image->image_size, dim = (size_t)model->config.dim;
    double start = cs_clock();
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < count; i++)
        status = make_picture(work, picture_at(work, first + i), pictures + i * side * side * 3, error);
    start = cs_clock_lap(&model->work.prepare_seconds, start);
    if (status == CS_OK) status = model->image->ops->encode(model->image, pictures, (int)count, embeddings, error);
    cs_clock_lap(&model->work.image_seconds, start);
    for (size_t i = 0; status == CS_OK && i < count; i++)
        memcpy(work->embeddings + picture_at(work, first + i) * dim, embeddings + i * dim, dim * sizeof *embeddings);
    return status;
}

/* Every picture once, whatever the number of prompts. */
static cs_status embed_pictures(occlusion_work *work, cs_error *error) {
    const cs_model *model = work->job->model;
    const cs_progress *progress = &work->job->options->progress;
    size_t most = (size_t)model->batch < work->pictures ? (size_t)model->batch : work->pictures;
    size_t side = (size_t)model->image->image_size;
    float *pictures = cs_alloc(most * side * side, 3 * sizeof *pictures);
    float *embeddings = cs_alloc(most * (size_t)model->config.dim, sizeof *embeddings);
    cs_status status = pictures && embeddings ? cs_progress_report(progress, 0, work->pictures, error)
                                              : cs_fail_memory(error, "a batch of pictures");
    for (size_t first = 0; status == CS_OK && first < work->pictures; first += most) {
        size_t count = work->pictures - first < most ? work->pictures - first : most;
        status = embed_batch(work, first, count, pictures, embeddings, error);
        if (status == CS_OK) status = cs_progress_report(progress, first + count, work->pictures, error);
    }
    free(pictures);
    free(embeddings);
    return status;
}

/* The mean drop over the squares that hide a patch, and from it where the object is: clipped at the mean, as the
 * chapter clips its maps. Hiding what does not belong to the object can make the photograph more like the prompt; such
 * patches are no part of it, even where the mean is below zero. */
static cs_status fill_cells(const occlusion_work *work, const float *drops, cs_map *map, cs_error *error) {
    int chapter = work->job->options->recipe == CS_RECIPE_CHAPTER;
    float *cells = (float *)map->cells;
    size_t count = cs_map_cells(map);
    cs_status status = cs_window_mean(map, drops, chapter, (float *)map->raw, error);
    if (status != CS_OK) return status;
    memcpy(cells, map->raw, count * sizeof *cells);
    cs_map_clip(cells, count);
    for (size_t i = 0; !chapter && i < count; i++)
        cells[i] = map->raw[i] > 0 ? cells[i] : 0;
    cs_map_normalise(cells, count);
    return CS_OK;
}

/* drops: room for one number a square. A box's score is the whole photograph's cosine times its place in the map. */
static cs_status fill_map(const occlusion_work *work, const float *prompt, float *drops, cs_map *map, float *cosines,
                          cs_error *error) {
    const cs_model *model = work->job->model;
    size_t dim = (size_t)model->config.dim;
    float cosine = cs_dot(work->embeddings, prompt, dim), *logits = (float *)map->logits;
    for (size_t i = 0; i + 1 < work->pictures; i++) {
        float hidden = cs_dot(work->embeddings + (i + 1) * dim, prompt, dim);
        logits[i] = model->logit_scale * hidden + model->logit_bias;
        drops[i] = model->logit_scale * (cosine - hidden);
    }
    cs_status status = fill_cells(work, drops, map, error);
    for (size_t i = 0; status == CS_OK && i < cs_map_cells(map); i++)
        cosines[i] = map->cells[i] * cosine;
    return status;
}

static cs_status fill_maps(const occlusion_work *work, cs_maps *maps, cs_error *error) {
    const cs_prompts *prompts = work->job->prompts;
    float *drops = cs_alloc(work->pictures, sizeof *drops);
    cs_status status = drops ? CS_OK : cs_fail_memory(error, "a relevance map");
    for (size_t p = 0; status == CS_OK && p < maps->count; p++)
        status = fill_map(work, prompts->embeddings + p * (size_t)prompts->dim, drops, &maps->items[p],
                          maps->cosines[p], error);
    free(drops);
    return status;
}

static cs_status occlusion_maps(const cs_method_job *job, cs_maps **maps, cs_error *error) {
    occlusion_work work = {.job = job};
    cs_maps *made = NULL;
    cs_status status = cs_window_geometry(job->image->width, job->image->height, job->options, &work.geometry, error);
    if (status != CS_OK) return status;
    work.geometry.method = CS_METHOD_OCCLUSION;
    work.pictures = (size_t)work.geometry.window_rows * (size_t)work.geometry.window_cols + 1;
    status = cs_maps_create(job->prompts->count, &work.geometry, &made, error);
    if (status == CS_OK) status = prepare(&work, error);
    if (status == CS_OK) status = embed_pictures(&work, error);
    if (status == CS_OK) status = fill_maps(&work, made, error);
    cs_occluder_destroy(work.occluder);
    free(work.resized);
    free(work.embeddings);
    if (status != CS_OK) {
        cs_maps_destroy(made);
        return status;
    }
    *maps = made;
    return CS_OK;
}

const cs_method_ops cs_method_occlusion = {"occlusion", {CS_BOX_REGIONS, 0.3f}, {CS_BOX_REGIONS, 0.3f}, occlusion_maps};

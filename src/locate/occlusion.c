/* The occlusion method: a black square slides over the photograph. Where the likeness to the prompt drops, the square
 * hid what the prompt names.
 * Source: Zeiler and Fergus, "Visualizing and understanding convolutional networks" (2014), section 4.2. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/occluder.h"
#include "locate/method.h"
#include "locate/window.h"
#include "model/prompts.h"
#include "model/unit.h"

/* Picture number 0 is the photograph as it is; number i + 1 has the black square at place i of the geometry. */
typedef struct occlusion_series {
    cs_series base;
    cs_method_job job;
    cs_map geometry;
    cs_occluder *occluder;
    int width, height; /* of the resized photograph */
    int whole;         /* the resized photograph is the encoder's picture; otherwise that is cut from it */
    uint8_t *resized;  /* [height, width, 3] */
    float *cosines;    /* [prompts, pictures] */
    cs_maps *maps;
} occlusion_series;

/* Which picture comes at a turn: the photograph, and then the squares in the order that suits the occluder. */
static size_t picture_at(const occlusion_series *work, size_t turn) {
    size_t rows = (size_t)work->geometry.window_rows, cols = (size_t)work->geometry.window_cols;
    if (turn == 0 || !cs_occluder_by_columns(work->occluder)) return turn;
    return (turn - 1) % rows * cols + (turn - 1) / rows + 1;
}

static cs_status make(cs_series *series, size_t turn, float *out, cs_error *error) {
    const occlusion_series *work = (const occlusion_series *)series;
    cs_black black = {0, 0, 0, 0};
    const cs_preprocess *preprocess = &work->job.model->preprocess;
    size_t picture = picture_at(work, turn);
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

/* Once, whatever the number of prompts. */
static void take(cs_series *series, size_t turn, const float *embedding) {
    const occlusion_series *work = (const occlusion_series *)series;
    const cs_prompts *prompts = work->job.prompts;
    size_t picture = picture_at(work, turn), dim = (size_t)prompts->dim;
    for (size_t p = 0; p < prompts->count; p++)
        work->cosines[p * series->count + picture] = cs_dot(embedding, prompts->embeddings + p * dim, dim);
}

static void destroy(cs_series *series) {
    occlusion_series *work = (occlusion_series *)series;
    cs_occluder_destroy(work->occluder);
    free(work->resized);
    free(work->cosines);
    cs_maps_destroy(work->maps);
    free(work);
}

/* A square that is cut from the centre would leave the ends of the photograph unseen, so the whole of it is squashed
 * into the encoder's square; the chapter's recipe takes the model's own way. */
static cs_status choose_size(occlusion_series *work, cs_error *error) {
    const cs_preprocess *preprocess = &work->job.model->preprocess;
    work->whole = work->job.options->recipe != CS_RECIPE_CHAPTER && preprocess->mode == CS_RESIZE_SHORTEST;
    work->width = work->height = preprocess->crop;
    if (work->whole) return CS_OK;
    return cs_preprocess_size(preprocess, cs_image_view(work->job.image), &work->width, &work->height, error);
}

static cs_status prepare(occlusion_series *work, cs_error *error) {
    const cs_method_job *job = &work->job;
    cs_status status = choose_size(work, error);
    if (status == CS_OK) status = cs_maps_create(job->prompts->count, &work->geometry, &work->maps, error);
    if (status != CS_OK) return status;
    work->resized = cs_alloc((size_t)work->height, (size_t)work->width * 3);
    work->cosines = cs_alloc(job->prompts->count, work->base.count * sizeof *work->cosines);
    if (!work->resized || !work->cosines) return cs_fail_memory(error, "occluded photographs");
    return cs_occluder_create(cs_image_view(job->image), work->width, work->height, job->model->preprocess.filter,
                              job->model->threads, &work->occluder, error);
}

static cs_status occlusion_open(const cs_method_job *job, cs_series **series, cs_error *error) {
    static const cs_series_ops ops = {make, take, destroy};
    cs_map geometry;
    cs_status status = cs_window_geometry(job->image->width, job->image->height, job->options, &geometry, error);
    if (status != CS_OK) return status;
    geometry.method = CS_METHOD_OCCLUSION;
    occlusion_series *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "occluded photographs");
    made->base = (cs_series){&ops, (size_t)geometry.window_rows * (size_t)geometry.window_cols + 1, 0, 0};
    made->job = *job;
    made->geometry = geometry;
    status = prepare(made, error);
    if (status != CS_OK) {
        destroy(&made->base);
        return status;
    }
    *series = &made->base;
    return CS_OK;
}

/* The mean drop over the squares that hide a patch, and from it where the object is: clipped at the mean, as the
 * chapter clips its maps. Hiding what does not belong to the object can make the photograph more like the prompt; such
 * patches are no part of it, even where the mean is below zero. */
static cs_status fill_cells(const occlusion_series *work, const float *drops, cs_map *map, cs_error *error) {
    int chapter = work->job.options->recipe == CS_RECIPE_CHAPTER;
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
static cs_status fill_map(const occlusion_series *work, size_t prompt, float *drops, cs_error *error) {
    const cs_model *model = work->job.model;
    cs_map *map = &work->maps->items[prompt];
    const float *cosines = work->cosines + prompt * work->base.count, whole = cosines[0];
    float *logits = (float *)map->logits;
    for (size_t i = 0; i + 1 < work->base.count; i++) {
        logits[i] = model->logit_scale * cosines[i + 1] + model->logit_bias;
        drops[i] = model->logit_scale * (whole - cosines[i + 1]);
    }
    cs_status status = fill_cells(work, drops, map, error);
    for (size_t i = 0; status == CS_OK && i < cs_map_cells(map); i++)
        work->maps->cosines[prompt][i] = map->cells[i] * whole;
    return status;
}

static cs_status occlusion_close(cs_series *series, cs_maps **maps, cs_error *error) {
    occlusion_series *work = (occlusion_series *)series;
    float *drops = cs_alloc(series->count, sizeof *drops);
    cs_status status = drops ? CS_OK : cs_fail_memory(error, "a relevance map");
    for (size_t p = 0; status == CS_OK && p < work->maps->count; p++)
        status = fill_map(work, p, drops, error);
    free(drops);
    if (status != CS_OK) return status;
    *maps = work->maps;
    work->maps = NULL;
    return CS_OK;
}

const cs_method_ops cs_method_occlusion = {.name = "occlusion",
                                           .starter = {CS_BOX_REGIONS, 0.3f},
                                           .clip = {CS_BOX_REGIONS, 0.3f},
                                           .open = occlusion_open,
                                           .close = occlusion_close};

/* The window method: each window of the photograph is a little photograph of its own. */
#include "locate/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/grid.h"
#include "locate/method.h"
#include "model/model.h"
#include "model/prompts.h"
#include "model/unit.h"

/* Every window once, whatever the number of prompts. out: [windows, dim]. */
static cs_status embed_windows(const cs_method_job *job, const cs_map *geometry, float *out, cs_error *error) {
    size_t windows = (size_t)geometry->window_rows * (size_t)geometry->window_cols;
    cs_rect *rects = cs_alloc(windows, sizeof *rects);
    if (!rects) return cs_fail_memory(error, "windows");
    for (size_t i = 0; i < windows; i++)
        rects[i] = cs_window_rect(geometry, i);
    cs_status status = cs_model_embed_rects(job->model, cs_image_view(job->image), rects, windows,
                                            &job->options->progress, out, error);
    free(rects);
    return status;
}

/* A box's score is the best window's cosine times its place in the map, so that one minimum serves all prompts. */
static void fill_cosines(const cs_model *model, const cs_map *map, float *cosines) {
    float logit = cs_highest(map->logits, (size_t)map->window_rows * (size_t)map->window_cols);
    float best = (logit - model->logit_bias) / model->logit_scale;
    for (size_t i = 0; i < cs_map_cells(map); i++)
        cosines[i] = map->cells[i] * best;
}

static cs_status fill_map(const cs_method_job *job, const float *windows, const float *prompt, cs_map *map,
                          cs_error *error) {
    const cs_model *model = job->model;
    size_t dim = (size_t)model->config.dim, count = (size_t)map->window_rows * (size_t)map->window_cols;
    float *logits = (float *)map->logits, *cells = (float *)map->cells;
    for (size_t i = 0; i < count; i++)
        logits[i] = model->logit_scale * cs_dot(windows + i * dim, prompt, dim) + model->logit_bias;
    cs_status status = cs_window_mean(map, logits, job->options->recipe == CS_RECIPE_CHAPTER, (float *)map->raw, error);
    if (status != CS_OK) return status;
    memcpy(cells, map->raw, cs_map_cells(map) * sizeof *cells);
    cs_map_clip(cells, cs_map_cells(map));
    cs_map_normalise(cells, cs_map_cells(map));
    return CS_OK;
}

static cs_status fill_maps(const cs_method_job *job, const float *windows, cs_maps *maps, cs_error *error) {
    for (size_t p = 0; p < maps->count; p++) {
        const float *prompt = job->prompts->embeddings + p * (size_t)job->prompts->dim;
        cs_status status = fill_map(job, windows, prompt, &maps->items[p], error);
        if (status != CS_OK) return status;
        fill_cosines(job->model, &maps->items[p], maps->cosines[p]);
    }
    return CS_OK;
}

static cs_status window_maps(const cs_method_job *job, cs_maps **maps, cs_error *error) {
    cs_map geometry;
    cs_status status = cs_window_geometry(job->image->width, job->image->height, job->options, &geometry, error);
    if (status != CS_OK) return status;
    geometry.method = CS_METHOD_WINDOW;
    size_t windows = (size_t)geometry.window_rows * (size_t)geometry.window_cols;
    float *embeddings = cs_alloc(windows * (size_t)job->model->config.dim, sizeof *embeddings);
    cs_maps *made = NULL;
    if (!embeddings) return cs_fail_memory(error, "windows");
    status = cs_maps_create(job->prompts->count, &geometry, &made, error);
    if (status == CS_OK) status = embed_windows(job, &geometry, embeddings, error);
    if (status == CS_OK) status = fill_maps(job, embeddings, made, error);
    free(embeddings);
    if (status != CS_OK) {
        cs_maps_destroy(made);
        return status;
    }
    *maps = made;
    return CS_OK;
}

/* The map falls off slowly, since windows overlap: hence the high threshold. */
const cs_method_ops cs_method_window = {"window", {CS_BOX_REGIONS, 0.5f}, {CS_BOX_REGIONS, 0.5f}, window_maps};

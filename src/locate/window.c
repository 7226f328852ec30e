/* The window method: each window of the photograph is a little photograph of its own. */
#include "locate/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/grid.h"
#include "locate/method.h"
#include "model/prompts.h"
#include "model/rects.h"
#include "model/unit.h"

/* Every window once, whatever the number of prompts. A window's embedding is used up when it comes: the maps keep its
 * logits, which are fewer. */
typedef struct window_series {
    cs_series base;
    cs_method_job job;
    cs_rects *rects;
    cs_maps *maps;
} window_series;

static cs_status make(cs_series *series, size_t turn, float *out, cs_error *error) {
    return cs_rects_make(((window_series *)series)->rects, turn, out, error);
}

static void take(cs_series *series, size_t turn, const float *embedding) {
    const window_series *mine = (const window_series *)series;
    const cs_model *model = mine->job.model;
    size_t window = cs_rects_at(mine->rects, turn), dim = (size_t)model->config.dim;
    for (size_t p = 0; p < mine->maps->count; p++) {
        float *logits = (float *)mine->maps->items[p].logits;
        float cosine = cs_dot(embedding, mine->job.prompts->embeddings + p * dim, dim);
        logits[window] = model->logit_scale * cosine + model->logit_bias;
    }
}

static void destroy(cs_series *series) {
    window_series *mine = (window_series *)series;
    cs_rects_destroy(mine->rects);
    cs_maps_destroy(mine->maps);
    free(mine);
}

static cs_status create_rects(window_series *series, const cs_map *geometry, cs_error *error) {
    cs_rect *rects = cs_alloc(series->base.count, sizeof *rects);
    if (!rects) return cs_fail_memory(error, "windows");
    for (size_t i = 0; i < series->base.count; i++)
        rects[i] = cs_window_rect(geometry, i);
    cs_status status = cs_rects_create(&series->job.model->preprocess, cs_image_view(series->job.image), rects,
                                       series->base.count, &series->rects, error);
    free(rects);
    return status;
}

static cs_status window_open(const cs_method_job *job, cs_series **series, cs_error *error) {
    static const cs_series_ops ops = {make, take, destroy};
    cs_map geometry;
    cs_status status = cs_window_geometry(job->image->width, job->image->height, job->options, &geometry, error);
    if (status != CS_OK) return status;
    geometry.method = CS_METHOD_WINDOW;
    window_series *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "windows");
    made->base = (cs_series){&ops, (size_t)geometry.window_rows * (size_t)geometry.window_cols, 0, 0};
    made->job = *job;
    status = cs_maps_create(job->prompts->count, &geometry, &made->maps, error);
    if (status == CS_OK) status = create_rects(made, &geometry, error);
    if (status != CS_OK) {
        destroy(&made->base);
        return status;
    }
    *series = &made->base;
    return CS_OK;
}

/* A box's score is the best window's cosine times its place in the map, so that one minimum serves all prompts. */
static void fill_cosines(const cs_model *model, const cs_map *map, float *cosines) {
    float logit = cs_highest(map->logits, (size_t)map->window_rows * (size_t)map->window_cols);
    float best = (logit - model->logit_bias) / model->logit_scale;
    for (size_t i = 0; i < cs_map_cells(map); i++)
        cosines[i] = map->cells[i] * best;
}

static cs_status fill_map(const cs_method_job *job, cs_map *map, cs_error *error) {
    float *cells = (float *)map->cells;
    int chapter = job->options->recipe == CS_RECIPE_CHAPTER;
    cs_status status = cs_window_mean(map, map->logits, chapter, (float *)map->raw, error);
    if (status != CS_OK) return status;
    memcpy(cells, map->raw, cs_map_cells(map) * sizeof *cells);
    cs_map_clip(cells, cs_map_cells(map));
    cs_map_normalise(cells, cs_map_cells(map));
    return CS_OK;
}

static cs_status window_close(cs_series *series, cs_maps **maps, cs_error *error) {
    window_series *mine = (window_series *)series;
    for (size_t p = 0; p < mine->maps->count; p++) {
        cs_status status = fill_map(&mine->job, &mine->maps->items[p], error);
        if (status != CS_OK) return status;
        fill_cosines(mine->job.model, &mine->maps->items[p], mine->maps->cosines[p]);
    }
    *maps = mine->maps;
    mine->maps = NULL;
    return CS_OK;
}

/* The map falls off slowly, since windows overlap: hence the high threshold. */
const cs_method_ops cs_method_window = {.name = "window",
                                        .starter = {CS_BOX_REGIONS, 0.5f},
                                        .clip = {CS_BOX_REGIONS, 0.5f},
                                        .open = window_open,
                                        .close = window_close};

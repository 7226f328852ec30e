#include "locate/localize.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/maps.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"
#include "model/unit.h"

/* Every window once, whatever the number of prompts. out: [windows, dim]. */
static cs_status embed_windows(cs_model *model, const cs_image *image, const cs_map *geometry,
                               const cs_progress *progress, float *out, cs_error *error) {
    size_t windows = (size_t)geometry->window_rows * (size_t)geometry->window_cols;
    cs_rect *rects = cs_alloc(windows, sizeof *rects);
    if (!rects) return cs_fail_memory(error, "windows");
    for (size_t i = 0; i < windows; i++)
        rects[i] = cs_window_rect(geometry, i);
    cs_status status = cs_model_embed_rects(model, cs_image_view(image), rects, windows, progress, out, error);
    free(rects);
    return status;
}

static cs_status fill_map(const cs_model *model, const float *windows, const float *prompt, int chapter, cs_map *map,
                          cs_error *error) {
    size_t dim = (size_t)model->config.dim, count = (size_t)map->window_rows * (size_t)map->window_cols;
    float *logits = (float *)map->logits, *raw = (float *)map->raw;
    for (size_t i = 0; i < count; i++)
        logits[i] = model->logit_scale * cs_dot(windows + i * dim, prompt, dim) + model->logit_bias;
    cs_status status = cs_window_mean(map, logits, chapter, raw, error);
    if (status == CS_OK) memcpy((float *)map->cells, raw, (size_t)map->rows * (size_t)map->cols * sizeof *raw);
    return status;
}

cs_status cs_window_maps(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                         const cs_localize_options *options, cs_maps **maps, cs_error *error) {
    cs_map geometry;
    cs_status status = cs_window_geometry(image->width, image->height, options, &geometry, error);
    if (status != CS_OK) return status;
    size_t windows = (size_t)geometry.window_rows * (size_t)geometry.window_cols, dim = (size_t)model->config.dim;
    float *embeddings = cs_alloc(windows * dim, sizeof *embeddings);
    cs_maps *made = NULL;
    if (!embeddings) return cs_fail_memory(error, "windows");
    status = cs_maps_create(prompts->count, &geometry, &made, error);
    if (status == CS_OK) status = embed_windows(model, image, &geometry, &options->progress, embeddings, error);
    for (size_t p = 0; status == CS_OK && p < prompts->count; p++)
        status = fill_map(model, embeddings, prompts->embeddings + p * dim, options->recipe == CS_RECIPE_CHAPTER,
                          &made->items[p], error);
    free(embeddings);
    if (status != CS_OK) {
        cs_maps_destroy(made);
        return status;
    }
    *maps = made;
    return CS_OK;
}

cs_status cs_localize(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                      const cs_localize_options *options, cs_maps **maps, cs_error *error) {
    const cs_localize_options defaults = CS_LOCALIZE_OPTIONS_DEFAULT;
    cs_status status = cs_window_maps(model, prompts, image, options ? options : &defaults, maps, error);
    if (status != CS_OK) return status;
    for (size_t p = 0; p < (*maps)->count; p++) {
        const cs_map *map = &(*maps)->items[p];
        size_t count = (size_t)map->rows * (size_t)map->cols;
        cs_map_clip((float *)map->cells, count);
        cs_map_normalise((float *)map->cells, count);
    }
    return CS_OK;
}

/* The dense method: from what the passes say to the maps that boxes are drawn in. */
#include "base/error.h"
#include "locate/dense.h"
#include "locate/method.h"
#include "model/model.h"
#include "model/prompts.h"

#include <string.h>

/* How much of the map that boxes are drawn in is the object's extent; the rest is its scores, whose valleys part things
 * that look alike. docs/quality.md says what this gave. */
static const float extent_weight = 0.5f;

static void fill_map(const cs_model *model, const cs_dense_map *dense, cs_map *map, float *cosines) {
    /* what was looked at from near has scores from afar, which say where it is but not how far it reaches */
    float weight = dense->zoomed ? 1 : extent_weight;
    float peak = cs_grid_peak(&dense->scores), *cells = (float *)map->cells, *raw = (float *)map->raw;
    memcpy(cosines, dense->scores.values, cs_map_cells(map) * sizeof *cosines);
    for (size_t i = 0; i < cs_map_cells(map); i++) {
        float share = peak > 0 && cosines[i] > 0 ? cosines[i] / peak : 0;
        raw[i] = cosines[i] * model->logit_scale + model->logit_bias;
        cells[i] = dense->extent ? weight * dense->extent[i] + (1 - weight) * share : share;
    }
}

static cs_status dense_maps(const cs_method_job *job, cs_maps **maps, cs_error *error) {
    cs_dense_map *dense = NULL;
    cs_maps *made = NULL;
    cs_dense_recipe recipe = cs_dense_recipe_of(job->model);
    cs_status status = cs_dense_maps(job, &recipe, &dense, error);
    if (status != CS_OK) return status;
    const cs_map shape = {.method = CS_METHOD_DENSE,
                          .rows = dense[0].scores.rows,
                          .cols = dense[0].scores.cols,
                          .cell_width = dense[0].scores.cell_width,
                          .cell_height = dense[0].scores.cell_height};
    status = cs_maps_create(job->prompts->count, &shape, &made, error);
    for (size_t p = 0; status == CS_OK && p < made->count; p++)
        fill_map(job->model, &dense[p], &made->items[p], made->cosines[p]);
    cs_dense_free(dense, job->prompts->count);
    if (status == CS_OK) *maps = made;
    return status;
}

/* The map falls off steeply: hence the low threshold. */
const cs_method_ops cs_method_dense = {
    .name = "dense", .starter = {CS_BOX_REGIONS, 0.3f}, .clip = {CS_BOX_REGIONS, 0.3f}, .maps = dense_maps};

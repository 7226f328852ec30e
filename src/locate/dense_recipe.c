/* Which passes suit which network. docs/methods.md says why these. */
#include "locate/dense.h"
#include "model/model.h"

static const cs_dense_recipe starter = {
    .passes = {{448, CS_CELLS_COARSE, {1, 3}}, {320, CS_CELLS_STAGGERED, {1, 3, 5}}},
    .detail = {1024, CS_CELLS_COARSE, {1, 3}},
    .zoom = {448, CS_CELLS_FINE, {3, 5, 9}},
    .detail_from = 1000,
    .spread_from = 0.1f,
    .detail_classes = 50,
    .detail_gain = 1.5f,
    .zoom_reach = 3};

/* The CLIPs: one pass, at twice the size that they were trained for; their cosines are never near the starter's, and
 * what spread_from would mean for them is not known. */
static cs_dense_recipe clip_recipe(const cs_model *model) {
    return (cs_dense_recipe){.passes = {{.size = 2 * model->config.image_size}}, .spread_from = 2};
}

cs_dense_recipe cs_dense_recipe_of(const cs_model *model) {
    return model->config.image_kind == CS_IMAGE_EFFICIENTNET ? starter : clip_recipe(model);
}

#include "locate/dense_doubt.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/grid.h"

cs_status cs_dense_doubt(const cs_dense_recipe *recipe, const cs_certainty *certainty, size_t prompts, int rows,
                         int cols, float *maps, cs_error *error) {
    size_t cells = (size_t)rows * (size_t)cols;
    if (!certainty->values) return CS_OK;
    cs_grid seen = {rows, cols, 0, 0, cs_alloc_zero(cells, sizeof(float))};
    if (!seen.values) return cs_fail_memory(error, "a dense map");
    cs_grid_add(&seen, certainty->values, certainty->rows, certainty->cols, 1.0f);
    for (size_t i = 0; i < prompts * cells; i++)
        if (seen.values[i % cells] * recipe->detail_classes < 1) maps[i] = 0;
    free(seen.values);
    return CS_OK;
}

#include "check/check_map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/window.h"

static double expected_at(const cs_golden *golden, size_t row, size_t col) {
    return json_number_value(json_array_get(json_array_get(golden->expected, row), col));
}

static void report_worst(const cs_golden *golden, const float *cells, size_t rows, size_t cols, cs_reporter *reporter) {
    size_t worst = 0;
    double distance = -1;
    for (size_t i = 0; i < rows * cols; i++) {
        double off = fabs((double)cells[i] - expected_at(golden, i / cols, i % cols));
        if (off <= distance) continue; /* NaN is further off than anything */
        worst = i;
        distance = off;
        if (isnan(off)) break;
    }
    cs_reporter_line(reporter, expected_at(golden, worst / cols, worst % cols), (double)cells[worst], golden->tolerance,
                     "%s map of \"%s\" (%s), row %zu, column %zu of %zu x %zu: the furthest off",
                     golden->normalised ? "normalised" : "clipped", golden->prompts[0], golden->picture,
                     worst / cols + 1, worst % cols + 1, rows, cols);
}

/* The chapter's arithmetic from the mean logits on. */
static cs_status compare(const cs_golden *golden, const cs_map *map, cs_reporter *reporter, cs_error *error) {
    size_t rows = json_array_size(golden->expected), cols = json_array_size(json_array_get(golden->expected, 0));
    if (rows != (size_t)map->rows || cols != (size_t)map->cols)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "the %s gives %d x %d patches (rows x columns), the golden was made with %zu x %zu: is it "
                       "another picture?",
                       golden->picture, map->rows, map->cols, rows, cols);
    float *cells = cs_alloc(rows * cols, sizeof *cells);
    if (!cells) return cs_fail_memory(error, "a map");
    memcpy(cells, map->raw, rows * cols * sizeof *cells);
    for (int i = 0; i < golden->clips; i++)
        cs_map_clip(cells, rows * cols);
    if (golden->normalised) cs_map_normalise(cells, rows * cols);
    report_worst(golden, cells, rows, cols, reporter);
    free(cells);
    return CS_OK;
}

cs_status cs_check_map(cs_model *model, const cs_golden *golden, const cs_prompts *prompts, const cs_image *image,
                       cs_reporter *reporter, cs_error *error) {
    cs_localize_options options = {.recipe = CS_RECIPE_CHAPTER, .patch = golden->patch, .window = golden->window};
    cs_maps *maps = NULL;
    cs_status status = cs_localize(model, prompts, image, &options, &maps, error);
    if (status != CS_OK) return status;
    cs_map map = cs_maps_get(maps, 0);
    status = compare(golden, &map, reporter, error);
    cs_maps_destroy(maps);
    return status;
}

#include "report/heatmap.h"

#include "base/error.h"

float cs_heatmap_score(float cell) {
    if (!(cell > 0)) return 0;
    return cell < 1 ? cell : 1;
}

static cs_status check(const cs_image *image, const cs_maps *maps, size_t prompt, cs_error *error) {
    if (!image || !maps) return cs_fail(error, CS_ERR_ARGUMENT, "a heat map needs a photograph and relevance maps");
    if (prompt >= cs_maps_count(maps))
        return cs_fail(error, CS_ERR_ARGUMENT, "no relevance map %zu; there are %zu", prompt, cs_maps_count(maps));
    cs_map map = cs_maps_get(maps, prompt);
    if (!(map.cell_width > 0 && map.cell_height > 0) || map.rows < 1 || map.cols < 1)
        return cs_fail(error, CS_ERR_ARGUMENT,
                       "relevance map of %d x %d cells of %g x %g pixels; expected at least one", map.cols, map.rows,
                       (double)map.cell_width, (double)map.cell_height);
    return CS_OK;
}

cs_status cs_draw_heatmap(const cs_image *image, const cs_maps *maps, size_t prompt, cs_heatmap_style style,
                          cs_image **picture, cs_error *error) {
    cs_status status = check(image, maps, prompt, error);
    if (status != CS_OK) return status;
    cs_map map = cs_maps_get(maps, prompt);
    switch (style) {
    case CS_HEATMAP_BRIGHTNESS:
        return cs_heatmap_brightness(image, &map, picture, error);
    case CS_HEATMAP_OVERLAY:
        return cs_heatmap_overlay(image, &map, picture, error);
    }
    return cs_fail(error, CS_ERR_ARGUMENT, "unknown heat map style %d", (int)style);
}

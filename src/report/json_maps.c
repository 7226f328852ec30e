#include "report/formats.h"
#include "report/json.h"

static json_t *row_array(const float *values, int cols) {
    json_t *row = json_array();
    for (int x = 0; x < cols; x++)
        cs_json_add(&row, cs_json_number(values[x]));
    return row;
}

/* values: [rows, cols] */
static json_t *grid_array(const float *values, int rows, int cols) {
    json_t *grid = json_array();
    for (int y = 0; y < rows; y++)
        cs_json_add(&grid, row_array(values + (size_t)y * (size_t)cols, cols));
    return grid;
}

static json_t *map_object(const char *label, const cs_map *map) {
    return json_pack("{s:o, s:i, s:i, s:i, s:o, s:o}", "label", cs_json_text(label), "patch", map->patch, "window",
                     map->window, "stride", map->stride, "logits",
                     grid_array(map->logits, map->window_rows, map->window_cols), "map",
                     grid_array(map->cells, map->rows, map->cols));
}

cs_status cs_json_maps(const cs_relevance *relevance, char **text, cs_error *error) {
    json_t *list = json_array();
    for (size_t i = 0; i < cs_maps_count(relevance->maps); i++) {
        cs_map map = cs_maps_get(relevance->maps, i);
        cs_json_add(&list, map_object(cs_prompts_label(relevance->prompts, i), &map));
    }
    json_t *root = json_pack("{s:o, s:i, s:i, s:o}", "image", cs_json_text(relevance->photo->path), "width",
                             relevance->photo->width, "height", relevance->photo->height, "maps", list);
    return cs_json_finish(root, text, error);
}

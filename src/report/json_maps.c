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

/* Takes the value over; where memory ran short the object becomes NULL, too. */
static void set(json_t **object, const char *key, json_t *value) {
    if (json_object_set_new(*object, key, value) == 0) return;
    json_decref(*object);
    *object = NULL;
}

/* The windows' geometry and logits. */
static void set_windows(json_t **object, const cs_map *map) {
    set(object, "patch", json_integer(map->patch));
    set(object, "window", json_integer(map->window));
    set(object, "stride", json_integer(map->stride));
    set(object, "logits", grid_array(map->logits, map->window_rows, map->window_cols));
}

static json_t *map_object(const char *label, const cs_map *map) {
    json_t *object =
        json_pack("{s:o, s:s, s:[o, o]}", "label", cs_json_text(label), "method", cs_method_name(map->method), "cell",
                  cs_json_number((double)map->cell_width), cs_json_number((double)map->cell_height));
    if (map->logits) set_windows(&object, map);
    set(&object, "map", grid_array(map->cells, map->rows, map->cols));
    return object;
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

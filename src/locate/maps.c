#include "locate/maps.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

size_t cs_map_cells(const cs_map *map) {
    return (size_t)map->rows * (size_t)map->cols;
}

/* Returns false where memory ran out. */
static int create_one(const cs_map *shape, cs_map *map, float **cosines) {
    size_t cells = cs_map_cells(shape), windows = (size_t)shape->window_rows * (size_t)shape->window_cols;
    *map = *shape;
    map->logits = windows > 0 ? cs_alloc_zero(windows, sizeof(float)) : NULL;
    map->cells = cs_alloc_zero(cells, sizeof(float));
    map->raw = cs_alloc_zero(cells, sizeof(float));
    *cosines = cs_alloc_zero(cells, sizeof(float));
    return (map->logits || windows == 0) && map->cells && map->raw && *cosines;
}

cs_status cs_maps_create(size_t count, const cs_map *shape, cs_maps **maps, cs_error *error) {
    cs_maps *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "relevance maps");
    made->items = cs_alloc_zero(count, sizeof *made->items);
    made->cosines = cs_alloc_zero(count, sizeof *made->cosines);
    int complete = made->items && made->cosines;
    if (complete) made->count = count;
    for (size_t i = 0; i < made->count; i++)
        complete = create_one(shape, &made->items[i], &made->cosines[i]) && complete;
    if (!complete) {
        cs_maps_destroy(made);
        return cs_fail_memory(error, "relevance maps");
    }
    *maps = made;
    return CS_OK;
}

void cs_maps_truncate(cs_maps *maps, size_t count) {
    for (size_t i = count; i < maps->count; i++) {
        free((float *)maps->items[i].logits);
        free((float *)maps->items[i].cells);
        free((float *)maps->items[i].raw);
        free(maps->cosines[i]);
    }
    if (count < maps->count) maps->count = count;
}

void cs_maps_destroy(cs_maps *maps) {
    if (!maps) return;
    cs_maps_truncate(maps, 0);
    free(maps->items);
    free(maps->cosines);
    free(maps);
}

size_t cs_maps_count(const cs_maps *maps) {
    return maps->count;
}

cs_map cs_maps_get(const cs_maps *maps, size_t prompt) {
    return maps->items[prompt];
}

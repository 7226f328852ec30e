#include "locate/maps.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

cs_status cs_maps_create(size_t count, const cs_map *shape, cs_maps **maps, cs_error *error) {
    cs_maps *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "relevance maps");
    made->items = cs_alloc_zero(count, sizeof *made->items);
    if (made->items) made->count = count;
    int complete = made->items != NULL;
    for (size_t i = 0; i < made->count; i++) {
        cs_map *map = &made->items[i];
        *map = *shape;
        map->logits = cs_alloc_zero((size_t)shape->window_rows * (size_t)shape->window_cols, sizeof(float));
        map->cells = cs_alloc_zero((size_t)shape->rows * (size_t)shape->cols, sizeof(float));
        map->raw = cs_alloc_zero((size_t)shape->rows * (size_t)shape->cols, sizeof(float));
        complete = complete && map->logits && map->cells && map->raw;
    }
    if (!complete) {
        cs_maps_destroy(made);
        return cs_fail_memory(error, "relevance maps");
    }
    *maps = made;
    return CS_OK;
}

void cs_maps_destroy(cs_maps *maps) {
    if (!maps) return;
    for (size_t i = 0; i < maps->count; i++) {
        free((float *)maps->items[i].logits);
        free((float *)maps->items[i].cells);
        free((float *)maps->items[i].raw);
    }
    free(maps->items);
    free(maps);
}

size_t cs_maps_count(const cs_maps *maps) {
    return maps->count;
}

cs_map cs_maps_get(const cs_maps *maps, size_t prompt) {
    return maps->items[prompt];
}

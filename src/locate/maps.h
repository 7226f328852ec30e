/* Storage of relevance maps. */
#ifndef CS_LOCATE_MAPS_H
#define CS_LOCATE_MAPS_H

#include "clipsight.h"

struct cs_maps {
    size_t count;
    cs_map
        *items; /* [count]; cells and raw of each are owned and never NULL, logits where there is a grid of windows */
    float **cosines; /* [count] of [rows, cols]: how well the prompt fits each cell, by which boxes are scored */
};

/* `count` maps of the geometry of `shape` (its pointers are ignored), filled with zeros. */
cs_status cs_maps_create(size_t count, const cs_map *shape, cs_maps **maps, cs_error *error);

/* Forgets all maps but the first `count`. */
void cs_maps_truncate(cs_maps *maps, size_t count);

/* rows * cols */
size_t cs_map_cells(const cs_map *map);

#endif

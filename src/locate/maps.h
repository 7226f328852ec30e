/* Storage of relevance maps. */
#ifndef CS_LOCATE_MAPS_H
#define CS_LOCATE_MAPS_H

#include "clipsight.h"

struct cs_maps {
    size_t count;
    cs_map *items; /* [count]; logits, cells and raw of each are owned and never NULL */
};

/* `count` maps of the geometry of `shape` (its pointers are ignored), filled with zeros. */
cs_status cs_maps_create(size_t count, const cs_map *shape, cs_maps **maps, cs_error *error);

#endif

#include "locate/detections.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

cs_status cs_detections_create(cs_detections **detections, cs_error *error) {
    *detections = cs_alloc_zero(1, sizeof **detections);
    return *detections ? CS_OK : cs_fail_memory(error, "detections");
}

cs_status cs_detections_append(cs_detections *detections, const cs_detection *detection, cs_error *error) {
    if (detections->count == detections->capacity) {
        size_t capacity = detections->capacity ? detections->capacity * 2 : 16;
        cs_detection *items = cs_realloc(detections->items, capacity, sizeof *items);
        if (!items) return cs_fail_memory(error, "detections");
        detections->items = items;
        detections->capacity = capacity;
    }
    detections->items[detections->count++] = *detection;
    return CS_OK;
}

void cs_detections_destroy(cs_detections *detections) {
    if (!detections) return;
    free(detections->items);
    free(detections);
}

size_t cs_detections_count(const cs_detections *detections) {
    return detections->count;
}

const cs_detection *cs_detections_get(const cs_detections *detections) {
    return detections->items;
}

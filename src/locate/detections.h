/* A growing list of boxes. */
#ifndef CS_LOCATE_DETECTIONS_H
#define CS_LOCATE_DETECTIONS_H

#include "clipsight.h"

struct cs_detections {
    size_t count, capacity;
    cs_detection *items;
};

cs_status cs_detections_create(cs_detections **detections, cs_error *error);
cs_status cs_detections_append(cs_detections *detections, const cs_detection *detection, cs_error *error);

#endif

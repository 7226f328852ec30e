/* Detections that cs_detect() did not make. */
#include "base/error.h"
#include "locate/detections.h"

cs_status cs_detections_from(const cs_detection *boxes, size_t count, cs_detections **detections, cs_error *error) {
    if ((count > 0 && !boxes) || !detections)
        return cs_fail(error, CS_ERR_ARGUMENT, "detections: expected boxes and room for the detections");
    cs_detections *made = NULL;
    cs_status status = cs_detections_create(&made, error);
    for (size_t i = 0; i < count && status == CS_OK; i++)
        status = cs_detections_append(made, &boxes[i], error);
    if (status == CS_OK)
        *detections = made;
    else
        cs_detections_destroy(made);
    return status;
}

#include "crops.h"

#include <stdlib.h>

static cs_status save_crop(const cs_image *image, const cs_detection *box, const char *name, cs_error *error) {
    cs_image *crop = NULL;
    cs_status status = cs_image_crop(image, box->x, box->y, box->width, box->height, &crop, error);
    if (status == CS_OK) status = cs_image_save(crop, name, error);
    cs_image_close(crop);
    return status;
}

cs_status crops_save(cli_session *session, size_t index, const cs_image *image, const cs_detections *detections,
                     cli_targets *targets, cs_error *error) {
    const cs_detection *boxes = cs_detections_get(detections);
    size_t count = targets->path ? cs_detections_count(detections) : 0, number = 0;
    cs_status status = CS_OK;
    for (size_t i = 0; i < count && status == CS_OK && !session_stopped(session); i++) {
        char *name = NULL;
        number = i > 0 && boxes[i].prompt == boxes[i - 1].prompt ? number + 1 : 1;
        status =
            targets_name(targets, index, cs_prompts_label(session->prompts, boxes[i].prompt), number, &name, error);
        if (status == CS_OK) status = save_crop(image, &boxes[i], name, error);
        free(name);
    }
    return status;
}

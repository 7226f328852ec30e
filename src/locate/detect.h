/* Detection up to the point where a calibration comes in. */
#ifndef CS_LOCATE_DETECT_H
#define CS_LOCATE_DETECT_H

#include "clipsight.h"

/* The candidates of cs_detect(): boxes in no order, scored with their evidence (locate/presence.h), none dropped.
 * spreads: [prompts], the spread of each map's evidence. *method is the one that was taken. The chapter's recipe knows
 * no evidence: CS_ERR_ARGUMENT. */
cs_status cs_detect_evidence(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                             const cs_detect_options *options, cs_method *method, cs_detections **detections,
                             float *spreads, cs_error *error);

#endif

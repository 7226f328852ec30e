/* Detection in its parts: what a method is asked for, and what becomes of its maps. */
#ifndef CS_LOCATE_DETECT_H
#define CS_LOCATE_DETECT_H

#include "clipsight.h"
#include "locate/method.h"
#include "locate/presence.h"

typedef struct cs_detect_plan {
    const cs_model *model;
    const cs_prompts *prompts; /* that are looked for */
    cs_detect_options options;
    cs_method method;
    cs_presence_texts texts; /* nothing with the chapter's recipe, which knows no evidence */
} cs_detect_plan;

/* Checks the options (NULL: the defaults) and makes the plan. `prompts` and the options' negatives are borrowed. */
cs_status cs_detect_open(cs_model *model, const cs_prompts *prompts, const cs_detect_options *options,
                         cs_detect_plan *plan, cs_error *error);
void cs_detect_clear(cs_detect_plan *plan);

/* What the method is to make maps of; part of the plan. */
const cs_prompts *cs_detect_prompts(const cs_detect_plan *plan);

/* Boxes in no order, scored with their evidence (locate/presence.h), none dropped. The maps are used up, but still the
 * caller's. spreads: [prompts], the spread of each map's evidence. Not for the chapter's recipe. */
cs_status cs_detect_candidates(const cs_detect_plan *plan, cs_maps *maps, cs_detections **detections, float *spreads,
                               cs_error *error);

/* The boxes of cs_detect(). The maps likewise. */
cs_status cs_detect_close(const cs_detect_plan *plan, cs_maps *maps, cs_detections **detections, cs_error *error);

/* All of it up to the candidates. *method is the one that was taken. The chapter's recipe is CS_ERR_ARGUMENT. */
cs_status cs_detect_evidence(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                             const cs_detect_options *options, cs_method *method, cs_detections **detections,
                             float *spreads, cs_error *error);

#endif

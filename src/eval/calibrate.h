/* A calibration in the making. */
#ifndef CS_EVAL_CALIBRATE_H
#define CS_EVAL_CALIBRATE_H

#include "clipsight.h"
#include "model/calibration.h"

/* A photograph and a prompt. */
typedef struct cs_calibration_pair {
    float evidence, spread; /* of the best box, 0 where there is none; that of the map */
    unsigned char present;
} cs_calibration_pair;

struct cs_calibration_fit {
    cs_model *model;
    const cs_prompts *prompts;
    cs_detect_options options;
    cs_method method; /* the one that was taken */
    cs_calibration_pair *pairs;
    size_t count, capacity, photographs;
    float *spreads, *best;      /* [prompts], of the photograph at hand */
    cs_calibration calibration; /* once it is solved */
};

#endif

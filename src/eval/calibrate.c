/* Photographs with ground truth, as pairs of evidence and answer. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/calibrate.h"
#include "eval/pairs.h"
#include "locate/detect.h"
#include "model/prompts.h"

cs_status cs_calibration_fit_create(cs_model *model, const cs_prompts *prompts, const cs_detect_options *options,
                                    cs_calibration_fit **fit, cs_error *error) {
    const cs_detect_options defaults = CS_DETECT_OPTIONS_DEFAULT;
    cs_calibration_fit *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "a calibration");
    made->model = model;
    made->prompts = prompts;
    made->options = options ? *options : defaults;
    made->spreads = cs_alloc_zero(prompts->count, sizeof *made->spreads);
    made->best = cs_alloc_zero(prompts->count, sizeof *made->best);
    if (!made->spreads || !made->best) {
        cs_calibration_fit_destroy(made);
        return cs_fail_memory(error, "a calibration");
    }
    *fit = made;
    return CS_OK;
}

void cs_calibration_fit_destroy(cs_calibration_fit *fit) {
    if (!fit) return;
    free(fit->pairs);
    free(fit->spreads);
    free(fit->best);
    free(fit);
}

static cs_status reserve(cs_calibration_fit *fit, size_t more, cs_error *error) {
    if (fit->count + more <= fit->capacity) return CS_OK;
    size_t capacity = 2 * fit->capacity + more;
    cs_calibration_pair *grown = cs_realloc(fit->pairs, capacity, sizeof *grown);
    if (!grown) return cs_fail_memory(error, "a calibration");
    fit->pairs = grown;
    fit->capacity = capacity;
    return CS_OK;
}

/* A prompt without a box has no evidence. */
static void find_best(cs_calibration_fit *fit, const cs_detections *detections) {
    const cs_detection *boxes = cs_detections_get(detections);
    memset(fit->best, 0, fit->prompts->count * sizeof *fit->best);
    for (size_t i = 0; i < cs_detections_count(detections); i++) {
        float *best = &fit->best[boxes[i].prompt];
        if (boxes[i].score > *best) *best = boxes[i].score;
    }
}

static void add_pairs(cs_calibration_fit *fit, const cs_dataset *dataset, size_t photo) {
    for (size_t p = 0; p < fit->prompts->count; p++) {
        cs_presence presence = cs_presence_of(dataset, photo, p);
        if (presence == CS_UNCLEAR) continue;
        fit->pairs[fit->count++] = (cs_calibration_pair){fit->best[p], fit->spreads[p], presence == CS_PRESENT};
    }
    fit->photographs++;
}

cs_status cs_calibration_fit_add(cs_calibration_fit *fit, const cs_dataset *dataset, size_t photo,
                                 const cs_image *image, cs_error *error) {
    cs_detections *detections;
    size_t classes = cs_dataset_class_count(dataset);
    if (classes != fit->prompts->count)
        return cs_fail(error, CS_ERR_ARGUMENT, "calibration: expected one prompt per class (%zu), found %zu", classes,
                       fit->prompts->count);
    cs_status status = reserve(fit, classes, error);
    if (status == CS_OK)
        status = cs_detect_evidence(fit->model, fit->prompts, image, &fit->options, &fit->method, &detections,
                                    fit->spreads, error);
    if (status != CS_OK) return status;
    find_best(fit, detections);
    cs_detections_destroy(detections);
    add_pairs(fit, dataset, photo);
    return CS_OK;
}

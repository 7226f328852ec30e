#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/boxes.h"
#include "locate/detections.h"
#include "locate/grid.h"
#include "locate/job.h"
#include "locate/window.h"
#include "model/model.h"
#include "model/prompts.h"

static const float default_overlap = 0.5f;

/* Without a calibration. The starter's evidence is a share; above a half, a CLIP's prompt fits a place better than all
 * backgrounds together. */
static const float starter_min_score = 0.2f, ratio_min_score = 0.5f;

float cs_model_default_min_score(const cs_model *model) {
    if (model->calibration.is_set) return (float)model->calibration.min_score;
    return model->config.layout == CS_LAYOUT_STARTER ? starter_min_score : ratio_min_score;
}

/* The dense method needs no choice of patch and window. What it is worth with a CLIP cannot be measured without one, so
 * there the chapter's own stays. */
static cs_method automatic(const cs_model *model, const cs_localize_options *options) {
    int by_windows = options->recipe == CS_RECIPE_CHAPTER || options->patch || options->window || options->stride;
    if (options->variant) return CS_METHOD_DENSE;
    return by_windows || model->config.layout != CS_LAYOUT_STARTER ? CS_METHOD_WINDOW : CS_METHOD_DENSE;
}

/* The notebook clips its map three times where it detects. */
static void clip_thrice(cs_map *map) {
    float *cells = (float *)map->cells;
    for (size_t i = 0; i < cs_map_cells(map); i++)
        cells[i] = map->raw[i];
    for (int i = 0; i < 3; i++)
        cs_map_clip(cells, cs_map_cells(map));
    cs_map_normalise(cells, cs_map_cells(map));
}

/* How boxes are found: the chapter to the letter is everything above the threshold in one box. */
static cs_box_options box_options(const cs_detect_plan *plan) {
    const cs_detect_options *options = &plan->options;
    const cs_method_ops *method = cs_method_table(plan->method);
    const cs_box_way *way = plan->model->config.layout == CS_LAYOUT_STARTER ? &method->starter : &method->clip;
    cs_box_options made = {way->rule, CS_SCORE_PEAK, options->threshold, options->single};
    if (options->localize.recipe == CS_RECIPE_CHAPTER)
        made = (cs_box_options){CS_BOX_REGIONS, CS_SCORE_MEAN, options->threshold, 1};
    if (!(made.threshold > 0)) made.threshold = way->threshold;
    return made;
}

static cs_status find_boxes(cs_maps *maps, const cs_box_options *options, cs_detections *detections, cs_error *error) {
    for (size_t p = 0; p < maps->count; p++) {
        const cs_map *map = &maps->items[p];
        const cs_grid grid = {map->rows, map->cols, map->cell_width, map->cell_height, (float *)map->cells};
        cs_status status = cs_boxes_find(&grid, maps->cosines[p], options, p, detections, error);
        if (status != CS_OK) return status;
    }
    return CS_OK;
}

/* The chapter's way: no evidence, and the box's score is the mean of the map in it. */
static cs_status find_chapter_boxes(const cs_detect_plan *plan, cs_maps *maps, cs_detections *detections,
                                    cs_error *error) {
    const cs_box_options boxes = box_options(plan);
    for (size_t p = 0; p < maps->count; p++)
        clip_thrice(&maps->items[p]);
    return find_boxes(maps, &boxes, detections, error);
}

/* Boxes with their evidence. spreads: [prompts]. */
static cs_status find_evidence(const cs_detect_plan *plan, cs_maps *maps, cs_detections *detections, float *spreads,
                               cs_error *error) {
    const cs_box_options boxes = box_options(plan);
    cs_status status = cs_presence_evidence(&plan->texts, maps, spreads, error);
    return status == CS_OK ? find_boxes(maps, &boxes, detections, error) : status;
}

/* A prompt's further boxes have no right to the whole spread, which is mostly the first one's: each is given as large a
 * share as its evidence is of the first one's. */
static void calibrate(const cs_detect_plan *plan, const float *spreads, const float *best, cs_detections *detections) {
    for (size_t i = 0; i < detections->count; i++) {
        cs_detection *box = &detections->items[i];
        float share = best[box->prompt] > 0 ? box->score / best[box->prompt] : 0;
        box->score =
            cs_presence_score(&plan->model->calibration, plan->method, box->score, share * spreads[box->prompt]);
    }
}

static void find_best(const cs_detections *detections, float *best) {
    for (size_t i = 0; i < detections->count; i++) {
        const cs_detection *box = &detections->items[i];
        if (box->score > best[box->prompt]) best[box->prompt] = box->score;
    }
}

static cs_status find_scored(const cs_detect_plan *plan, cs_maps *maps, cs_detections *detections, cs_error *error) {
    size_t prompts = plan->prompts->count;
    float *spreads = cs_alloc_zero(2 * prompts, sizeof *spreads);
    if (!spreads) return cs_fail_memory(error, "scores");
    float *best = spreads + prompts;
    cs_status status = find_evidence(plan, maps, detections, spreads, error);
    if (status == CS_OK) {
        find_best(detections, best);
        calibrate(plan, spreads, best, detections);
    }
    free(spreads);
    return status;
}

static void keep_sure(cs_detections *detections, float min_score) {
    size_t kept = 0;
    for (size_t i = 0; i < detections->count; i++) {
        cs_detection box = detections->items[i];
        box.score = box.score < 0 ? 0 : box.score > 1 ? 1 : box.score;
        if (box.score >= min_score) detections->items[kept++] = box;
    }
    detections->count = kept;
}

static cs_status find(const cs_detect_plan *plan, cs_maps *maps, cs_detections *detections, cs_error *error) {
    const cs_detect_options *options = &plan->options;
    cs_status status = options->localize.recipe == CS_RECIPE_CHAPTER ? find_chapter_boxes(plan, maps, detections, error)
                                                                     : find_scored(plan, maps, detections, error);
    if (status != CS_OK) return status;
    keep_sure(detections, options->min_score);
    cs_boxes_sort(detections);
    cs_boxes_suppress(detections, options->overlap > 0 ? options->overlap : default_overlap);
    return CS_OK;
}

static cs_status check_share(const char *name, float value, float most, cs_error *error) {
    if (value >= 0 && value <= most) return CS_OK;
    return cs_fail(error, CS_ERR_ARGUMENT, "%s: expected a number from 0 to %s1, got %g", name,
                   most < 1 ? "below " : "", (double)value);
}

static cs_status check_options(const cs_model *model, const cs_detect_options *options, cs_error *error) {
    const float below_one = 0.99999994f; /* the largest float below 1 */
    cs_status status = check_share("threshold", options->threshold, below_one, error);
    if (status == CS_OK) status = check_share("min_score", options->min_score, 1, error);
    if (status == CS_OK) status = check_share("overlap", options->overlap, 1, error);
    if (status != CS_OK || !options->negatives || options->negatives->dim == model->config.dim) return status;
    return cs_fail(error, CS_ERR_ARGUMENT, "negatives: expected prompts of this model (%d numbers each), found %d",
                   model->config.dim, options->negatives->dim);
}

static cs_status choose(const cs_model *model, const cs_detect_options *options, cs_method *method, cs_error *error) {
    const cs_localize_options *localize = &options->localize;
    cs_status status = check_options(model, options, error);
    if (status == CS_OK) status = cs_method_choose(localize, automatic(model, localize), method, error);
    return status == CS_OK ? cs_method_check_model(model, *method, localize->variant, error) : status;
}

cs_status cs_detect_open(cs_model *model, const cs_prompts *prompts, const cs_detect_options *options,
                         cs_detect_plan *plan, cs_error *error) {
    const cs_detect_options defaults = CS_DETECT_OPTIONS_DEFAULT;
    *plan = (cs_detect_plan){.model = model, .prompts = prompts, .options = options ? *options : defaults};
    cs_status status = choose(model, &plan->options, &plan->method, error);
    if (status != CS_OK || plan->options.localize.recipe == CS_RECIPE_CHAPTER) return status;
    return cs_presence_texts_join(model, prompts, plan->options.negatives, &plan->texts, error);
}

void cs_detect_clear(cs_detect_plan *plan) {
    cs_presence_texts_clear(&plan->texts);
}

const cs_prompts *cs_detect_prompts(const cs_detect_plan *plan) {
    return plan->options.localize.recipe == CS_RECIPE_CHAPTER ? plan->prompts : &plan->texts.joined;
}

/* Hands over the list where it was filled. */
static cs_status hand_over(cs_status status, cs_detections *made, cs_detections **detections) {
    if (status == CS_OK)
        *detections = made;
    else
        cs_detections_destroy(made);
    return status;
}

cs_status cs_detect_candidates(const cs_detect_plan *plan, cs_maps *maps, cs_detections **detections, float *spreads,
                               cs_error *error) {
    cs_detections *made = NULL;
    cs_status status = cs_detections_create(&made, error);
    if (status == CS_OK) status = find_evidence(plan, maps, made, spreads, error);
    return hand_over(status, made, detections);
}

cs_status cs_detect_close(const cs_detect_plan *plan, cs_maps *maps, cs_detections **detections, cs_error *error) {
    cs_detections *made = NULL;
    cs_status status = cs_detections_create(&made, error);
    if (status == CS_OK) status = find(plan, maps, made, error);
    return hand_over(status, made, detections);
}

cs_status cs_detect_evidence(cs_model *model, const cs_prompts *prompts, const cs_image *image,
                             const cs_detect_options *options, cs_method *method, cs_detections **detections,
                             float *spreads, cs_error *error) {
    cs_job *job;
    cs_job_result result;
    cs_status status = cs_job_evidence(model, prompts, image, options, spreads, &job, error);
    if (status != CS_OK) return status;
    *method = job->plan.method;
    status = cs_job_alone(model, job, &result, error);
    if (status == CS_OK) *detections = result.detections;
    return status;
}

cs_status cs_detect(cs_model *model, const cs_prompts *prompts, const cs_image *image, const cs_detect_options *options,
                    cs_detections **detections, cs_error *error) {
    cs_job *job;
    cs_job_result result;
    cs_status status = cs_job_detect(model, prompts, image, options, &job, error);
    if (status == CS_OK) status = cs_job_alone(model, job, &result, error);
    if (status == CS_OK) *detections = result.detections;
    return status;
}

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/match.h"
#include "eval/means.h"
#include "eval/pairs.h"

/* What the calculation works on; sized for the dataset and released together. */
typedef struct workspace {
    const cs_dataset *dataset;
    const cs_detections *const *detections; /* [photographs]; NULL leaves one out */
    cs_metric metric;                       /* never CS_METRIC_AUTO */
    float min_score;
    cs_candidates candidates;  /* of all classes */
    unsigned char *flags;      /* one per object of the dataset: taken by a detection */
    size_t objects;            /* how many flags there are */
    unsigned char **taken;     /* [photographs], each photograph's part of the flags */
    float *best;               /* [photographs], the best score of the class at hand */
    cs_pair_boxes *pairs;      /* [photographs] */
    size_t *seen;              /* [photographs], boxes of the class at hand */
    cs_candidate *room;        /* [candidates] */
    cs_ranked *ranked;         /* [max(candidates, photographs)] */
    cs_class_figures *classes; /* [classes] */
} workspace;

static void release(workspace *work) {
    cs_candidates_free(&work->candidates);
    free(work->flags);
    free(work->taken);
    free(work->best);
    free(work->pairs);
    free(work->seen);
    free(work->room);
    free(work->ranked);
    free(work->classes);
}

static size_t count_all_objects(const cs_dataset *dataset) {
    size_t total = 0, count;
    for (size_t i = 0; i < cs_dataset_count(dataset); i++) {
        cs_dataset_truth(dataset, i, &count);
        total += count;
    }
    return total;
}

/* Each photograph's flags behind those of the one before. */
static void lay_out_flags(workspace *work) {
    unsigned char *next = work->flags;
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++) {
        size_t count;
        cs_dataset_truth(work->dataset, i, &count);
        work->taken[i] = next;
        next += count;
    }
}

/* The candidates are collected already; on failure the rest is left for release(). */
static cs_status make_room(workspace *work, cs_error *error) {
    size_t photos = cs_dataset_count(work->dataset), found = work->candidates.count;
    work->objects = count_all_objects(work->dataset);
    work->flags = cs_alloc(work->objects, 1);
    work->taken = cs_alloc(photos, sizeof *work->taken);
    work->best = cs_alloc(photos, sizeof *work->best);
    work->pairs = cs_alloc(photos, sizeof *work->pairs);
    work->seen = cs_alloc(photos, sizeof *work->seen);
    work->room = cs_alloc(found, sizeof *work->room);
    work->ranked = cs_alloc(found > photos ? found : photos, sizeof *work->ranked);
    work->classes = cs_alloc_zero(cs_dataset_class_count(work->dataset), sizeof *work->classes);
    if (!work->flags || !work->taken || !work->best || !work->pairs || !work->seen || !work->room || !work->ranked ||
        !work->classes)
        return cs_fail_memory(error, "evaluation");
    lay_out_flags(work);
    return CS_OK;
}

static void count_objects(workspace *work) {
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++) {
        if (!work->detections[i]) continue;
        size_t count;
        const cs_truth *truth = cs_dataset_truth(work->dataset, i, &count);
        for (size_t k = 0; k < count; k++)
            work->classes[truth[k].class_index].objects += !truth[k].difficult && !truth[k].crowd;
    }
}

/* Average precision of one class's boxes; its curve too where one is wanted. */
static double box_precision(workspace *work, const cs_candidates *run, size_t objects, double threshold, float *curve) {
    int is_coco = work->metric == CS_METRIC_COCO;
    memset(work->flags, 0, work->objects);
    size_t n =
        cs_match(work->dataset, run, is_coco ? cs_judge_coco : cs_judge_voc, threshold, work->taken, work->ranked);
    if (curve) cs_precision_curve(work->ranked, n, objects, curve);
    return is_coco ? cs_sampled_precision(work->ranked, n, objects)
                   : cs_average_precision(work->ranked, n, objects, CS_TIES_IN_ORDER);
}

/* IoU 0.50, 0.55, ... 0.95, as numpy's linspace(0.5, 0.95, 10) rounds them: an overlap that is exactly one of them must
 * fall on the side where pycocotools puts it. */
enum { STRICT_STEPS = 10 };
static double strict_threshold(int step) {
    return 0.5 + step * ((0.95 - 0.5) / (STRICT_STEPS - 1));
}

/* The APs and curves of boxes; `run` holds those that the metric lets take part. */
static void fill_precision(workspace *work, const cs_candidates *run, cs_class_figures *figures) {
    size_t objects = figures->objects;
    double ap50 = box_precision(work, run, objects, strict_threshold(0), figures->curve50), sum = ap50;
    for (int step = 1; step < STRICT_STEPS; step++)
        sum += box_precision(work, run, objects, strict_threshold(step), NULL);
    figures->ap30 = (float)box_precision(work, run, objects, 0.3, figures->curve30);
    figures->ap50 = (float)ap50;
    figures->ap = (float)(sum / STRICT_STEPS);
}

/* A photograph's score for the class is that of its best box, 0 without a box. */
static void score_photos(workspace *work, const cs_candidates *run) {
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++)
        work->best[i] = 0;
    for (size_t i = run->count; i > 0; i--) /* the run falls: what is written last is the best */
        work->best[run->items[i - 1].photo] = run->items[i - 1].box->score;
}

/* Average precision of the photographs ranked by their scores. Many have 0, so equal scores count as one step: the
 * order of the files must not matter. */
static float image_precision(workspace *work, const cs_candidates *run, size_t class_index) {
    size_t n = 0, positives = 0;
    score_photos(work, run);
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++) {
        if (!work->detections[i]) continue;
        cs_presence shown = cs_presence_of(work->dataset, i, class_index);
        if (shown == CS_UNCLEAR) continue;
        work->ranked[n++] = (cs_ranked){work->best[i], shown == CS_PRESENT, i};
        positives += shown == CS_PRESENT;
    }
    cs_rank(work->ranked, n);
    return (float)cs_average_precision(work->ranked, n, positives, CS_TIES_AS_ONE);
}

/* COCO looks at the best 100 boxes of a photograph and class. */
static cs_candidates allowed(workspace *work, const cs_candidates *run) {
    enum { COCO_MOST_BOXES = 100 };
    if (work->metric != CS_METRIC_COCO) return *run;
    return cs_candidates_best(run, COCO_MOST_BOXES, cs_dataset_count(work->dataset), work->seen, work->room);
}

static void fill_classes(workspace *work) {
    size_t position = 0;
    count_objects(work);
    for (size_t i = 0; i < cs_dataset_class_count(work->dataset); i++) {
        cs_class_figures *figures = &work->classes[i];
        cs_candidates run = cs_candidates_of(&work->candidates, i, &position), best = allowed(work, &run);
        fill_precision(work, &best, figures);
        figures->image_ap = image_precision(work, &run, i);
        figures->pairs = cs_pair_counts(work->dataset, work->detections, &run, i, work->min_score, work->pairs);
        cs_pair_rates(&figures->pairs);
    }
}

static cs_status prepare(workspace *work, cs_error *error) {
    size_t photos = cs_dataset_count(work->dataset), classes = cs_dataset_class_count(work->dataset);
    cs_status status = cs_candidates_collect(work->detections, photos, classes, &work->candidates, error);
    return status == CS_OK ? make_room(work, error) : status;
}

static size_t count_photographs(const workspace *work) {
    size_t count = 0;
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++)
        count += work->detections[i] != NULL;
    return count;
}

static void finish(workspace *work, cs_class_figures *per_class, cs_figures *figures) {
    size_t count = cs_dataset_class_count(work->dataset);
    fill_classes(work);
    *figures = cs_mean_figures(work->classes, count);
    figures->metric = work->metric;
    figures->photographs = count_photographs(work);
    if (per_class) memcpy(per_class, work->classes, count * sizeof *per_class);
}

static cs_metric metric_for(const cs_dataset *dataset, cs_metric wanted) {
    if (wanted != CS_METRIC_AUTO) return wanted;
    return cs_dataset_kind_of(dataset) == CS_DATASET_COCO ? CS_METRIC_COCO : CS_METRIC_VOC;
}

static cs_status check_options(const cs_evaluate_options *options, cs_error *error) {
    if (options->metric < CS_METRIC_AUTO || options->metric > CS_METRIC_COCO)
        return cs_fail(error, CS_ERR_ARGUMENT, "evaluation: no such metric: %d", (int)options->metric);
    if (!isfinite(options->min_score))
        return cs_fail(error, CS_ERR_ARGUMENT, "evaluation: expected a finite min_score, found %g",
                       (double)options->min_score);
    return CS_OK;
}

cs_status cs_evaluate(const cs_dataset *dataset, const cs_detections *const *detections,
                      const cs_evaluate_options *options, cs_class_figures *per_class, cs_figures *figures,
                      cs_error *error) {
    static const cs_evaluate_options defaults = CS_EVALUATE_OPTIONS_DEFAULT;
    if (!options) options = &defaults;
    if (!dataset || !detections || !figures)
        return cs_fail(error, CS_ERR_ARGUMENT, "evaluation: expected a dataset, its detections and room for figures");
    cs_status status = check_options(options, error);
    if (status != CS_OK) return status;
    workspace work = {.dataset = dataset,
                      .detections = detections,
                      .metric = metric_for(dataset, options->metric),
                      .min_score = options->min_score};
    status = prepare(&work, error);
    if (status == CS_OK) finish(&work, per_class, figures);
    release(&work);
    return status;
}

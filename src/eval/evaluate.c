#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/match.h"

/* What the calculation works on; sized for the dataset and released together.
 */
typedef struct workspace {
    const cs_dataset *dataset;
    const cs_detections *const *detections; /* [photographs]; NULL leaves one out */
    cs_candidates candidates;               /* of all classes */
    unsigned char *flags;                   /* one per object of the dataset: taken by a detection */
    size_t objects;                         /* how many flags there are */
    unsigned char **taken;                  /* [photographs], each photograph's part of the flags */
    float *best;                            /* [photographs], the best score of the class at hand */
    cs_ranked *ranked;                      /* [max(candidates, photographs)] */
    cs_class_figures *classes;              /* [classes] */
} workspace;

static void release(workspace *work) {
    cs_candidates_free(&work->candidates);
    free(work->flags);
    free(work->taken);
    free(work->best);
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

/* The candidates are collected already; on failure the rest is left for
 * release(). */
static cs_status make_room(workspace *work, cs_error *error) {
    size_t photos = cs_dataset_count(work->dataset), found = work->candidates.count;
    work->objects = count_all_objects(work->dataset);
    work->flags = cs_alloc(work->objects, 1);
    work->taken = cs_alloc(photos, sizeof *work->taken);
    work->best = cs_alloc(photos, sizeof *work->best);
    work->ranked = cs_alloc(found > photos ? found : photos, sizeof *work->ranked);
    work->classes = cs_alloc_zero(cs_dataset_class_count(work->dataset), sizeof *work->classes);
    if (!work->flags || !work->taken || !work->best || !work->ranked || !work->classes)
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
            work->classes[truth[k].class_index].objects += !truth[k].difficult;
    }
}

/* Average precision of one class's boxes. */
static float box_precision(workspace *work, const cs_candidates *run, size_t objects, double threshold) {
    memset(work->flags, 0, work->objects);
    size_t n = cs_match(work->dataset, run, threshold, work->taken, work->ranked);
    return (float)cs_average_precision(work->ranked, n, objects, CS_TIES_IN_ORDER);
}

typedef enum presence { ABSENT, PRESENT, UNCLEAR } presence;

/* Whether the photograph shows the class; unclear where it does so only in
 * difficult objects. */
static presence presence_of(const cs_dataset *dataset, size_t photo, size_t class_index) {
    size_t count;
    const cs_truth *truth = cs_dataset_truth(dataset, photo, &count);
    presence answer = ABSENT;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != class_index) continue;
        if (!truth[i].difficult) return PRESENT;
        answer = UNCLEAR;
    }
    return answer;
}

/* A photograph's score for the class is that of its best box, 0 without a box.
 */
static void score_photos(workspace *work, const cs_candidates *run) {
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++)
        work->best[i] = 0;
    for (size_t i = run->count; i > 0; i--) /* the run falls: what is written last is the best */
        work->best[run->items[i - 1].photo] = run->items[i - 1].box->score;
}

/* Average precision of the photographs ranked by their scores. Many have 0, so
 * equal scores count as one step: the order of the files must not matter. */
static float image_precision(workspace *work, const cs_candidates *run, size_t class_index) {
    size_t n = 0, positives = 0;
    score_photos(work, run);
    for (size_t i = 0; i < cs_dataset_count(work->dataset); i++) {
        if (!work->detections[i]) continue;
        presence shown = presence_of(work->dataset, i, class_index);
        if (shown == UNCLEAR) continue;
        work->ranked[n++] = (cs_ranked){work->best[i], shown == PRESENT, i};
        positives += shown == PRESENT;
    }
    cs_rank(work->ranked, n);
    return (float)cs_average_precision(work->ranked, n, positives, CS_TIES_AS_ONE);
}

static void fill_classes(workspace *work) {
    size_t position = 0;
    count_objects(work);
    for (size_t i = 0; i < cs_dataset_class_count(work->dataset); i++) {
        cs_class_figures *figures = &work->classes[i];
        cs_candidates run = cs_candidates_of(&work->candidates, i, &position);
        figures->ap30 = box_precision(work, &run, figures->objects, 0.3);
        figures->ap50 = box_precision(work, &run, figures->objects, 0.5);
        figures->image_ap = image_precision(work, &run, i);
    }
}

/* Means over the classes that have an object; NaN where none has. */
static cs_figures mean_figures(const cs_class_figures *classes, size_t count) {
    double ap30 = 0, ap50 = 0, image = 0;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (classes[i].objects == 0) continue;
        ap30 += classes[i].ap30;
        ap50 += classes[i].ap50;
        image += classes[i].image_ap;
        n++;
    }
    if (n == 0) return (cs_figures){NAN, NAN, NAN};
    return (cs_figures){(float)(ap30 / (double)n), (float)(ap50 / (double)n), (float)(image / (double)n)};
}

static cs_status prepare(workspace *work, const cs_detections *const *detections, cs_error *error) {
    size_t photos = cs_dataset_count(work->dataset), classes = cs_dataset_class_count(work->dataset);
    cs_status status = cs_candidates_collect(detections, photos, classes, &work->candidates, error);
    return status == CS_OK ? make_room(work, error) : status;
}

cs_status cs_evaluate(const cs_dataset *dataset, const cs_detections *const *detections, cs_class_figures *per_class,
                      cs_figures *figures, cs_error *error) {
    if (!dataset || !detections || !figures)
        return cs_fail(error, CS_ERR_ARGUMENT, "evaluation: expected a dataset, its detections and room for figures");
    workspace work = {.dataset = dataset, .detections = detections};
    cs_status status = prepare(&work, detections, error);
    if (status == CS_OK) {
        size_t count = cs_dataset_class_count(dataset);
        fill_classes(&work);
        *figures = mean_figures(work.classes, count);
        if (per_class) memcpy(per_class, work.classes, count * sizeof *per_class);
    }
    release(&work);
    return status;
}

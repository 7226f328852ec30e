#include "eval/candidates.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static int is_finite(const cs_detection *box) {
    return isfinite(box->score) && isfinite(box->x) && isfinite(box->y) && isfinite(box->width) &&
           isfinite(box->height);
}

static cs_status check(const cs_detections *detections, size_t photo, size_t class_count, cs_error *error) {
    if (!detections) return CS_OK; /* left out */
    const cs_detection *boxes = cs_detections_get(detections);
    for (size_t i = 0; i < cs_detections_count(detections); i++) {
        if (boxes[i].prompt >= class_count)
            return cs_fail(error, CS_ERR_ARGUMENT,
                           "photograph %zu: box %zu is of prompt %zu, expected one of %zu classes", photo, i,
                           boxes[i].prompt, class_count);
        if (!is_finite(&boxes[i]))
            return cs_fail(error, CS_ERR_ARGUMENT, "photograph %zu: box %zu holds a number that is not finite", photo,
                           i);
    }
    return CS_OK;
}

static int compare(const void *a, const void *b) {
    const cs_candidate *first = a, *second = b;
    if (first->box->prompt != second->box->prompt) return first->box->prompt < second->box->prompt ? -1 : 1;
    if (first->box->score != second->box->score) return first->box->score > second->box->score ? -1 : 1;
    return (first->order > second->order) - (first->order < second->order);
}

static void append(cs_candidates *list, const cs_detections *detections, size_t photo) {
    const cs_detection *boxes = cs_detections_get(detections);
    for (size_t i = 0; i < cs_detections_count(detections); i++) {
        list->items[list->count] = (cs_candidate){&boxes[i], photo, list->count};
        list->count++;
    }
}

cs_status cs_candidates_collect(const cs_detections *const *detections, size_t n, size_t class_count,
                                cs_candidates *candidates, cs_error *error) {
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        cs_status status = check(detections[i], i, class_count, error);
        if (status != CS_OK) return status;
        if (detections[i]) total += cs_detections_count(detections[i]);
    }
    cs_candidates list = {cs_alloc(total, sizeof(cs_candidate)), 0};
    if (!list.items) return cs_fail_memory(error, "detections");
    for (size_t i = 0; i < n; i++)
        if (detections[i]) append(&list, detections[i], i);
    qsort(list.items, list.count, sizeof *list.items, compare);
    *candidates = list;
    return CS_OK;
}

void cs_candidates_free(cs_candidates *candidates) {
    free(candidates->items);
    *candidates = (cs_candidates){NULL, 0};
}

cs_candidates cs_candidates_of(const cs_candidates *all, size_t class_index, size_t *position) {
    cs_candidates run = {all->items + *position, 0};
    while (*position < all->count && all->items[*position].box->prompt == class_index) {
        run.count++;
        ++*position;
    }
    return run;
}

cs_candidates cs_candidates_best(const cs_candidates *run, size_t most, size_t photos, size_t *seen,
                                 cs_candidate *best) {
    cs_candidates kept = {best, 0};
    for (size_t i = 0; i < photos; i++)
        seen[i] = 0;
    for (size_t i = 0; i < run->count; i++)
        if (seen[run->items[i].photo]++ < most) best[kept.count++] = run->items[i];
    return kept;
}

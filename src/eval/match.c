#include "eval/match.h"

#include "eval/iou.h"

typedef enum verdict { MISS, HIT, IGNORED } verdict;

static double overlap(const cs_truth *truth, const cs_detection *box) {
    cs_box a = {truth->x, truth->y, truth->width, truth->height};
    cs_box b = {box->x, box->y, box->width, box->height};
    return cs_iou(&a, &b);
}

/* Index of the object that the box overlaps most, and how much; *best is 0 where it overlaps none. */
static size_t find_best(const cs_truth *truth, size_t count, const cs_detection *box, double *best) {
    size_t index = 0;
    *best = 0;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != box->prompt) continue;
        double iou = overlap(&truth[i], box);
        if (iou <= *best) continue;
        *best = iou;
        index = i;
    }
    return index;
}

static verdict judge(const cs_dataset *dataset, const cs_candidate *candidate, double threshold, unsigned char *taken) {
    size_t count;
    double iou;
    const cs_truth *truth = cs_dataset_truth(dataset, candidate->photo, &count);
    size_t index = find_best(truth, count, candidate->box, &iou);
    if (iou < threshold) return MISS;
    if (truth[index].difficult) return IGNORED;
    if (taken[index]) return MISS;
    taken[index] = 1;
    return HIT;
}

size_t cs_match(const cs_dataset *dataset, const cs_candidates *candidates, double threshold,
                unsigned char *const *taken, cs_ranked *ranked) {
    size_t n = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        const cs_candidate *candidate = &candidates->items[i];
        verdict outcome = judge(dataset, candidate, threshold, taken[candidate->photo]);
        if (outcome == IGNORED) continue;
        ranked[n++] = (cs_ranked){candidate->box->score, outcome == HIT, candidate->order};
    }
    return n;
}

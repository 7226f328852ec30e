#include "eval/match.h"
#include "eval/overlap.h"

/* Index of the object that the box overlaps most, and how much; *best is 0 where it overlaps none. */
static size_t find_best(const cs_truth *truth, size_t count, const cs_detection *box, double *best) {
    size_t index = 0;
    *best = 0;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != box->prompt || truth[i].crowd) continue;
        double overlap = cs_overlap(&truth[i], box);
        if (overlap <= *best) continue;
        *best = overlap;
        index = i;
    }
    return index;
}

static int lies_in_crowd(const cs_truth *truth, size_t count, const cs_detection *box, double threshold) {
    for (size_t i = 0; i < count; i++)
        if (truth[i].crowd && truth[i].class_index == box->prompt && cs_overlap(&truth[i], box) >= threshold) return 1;
    return 0;
}

cs_verdict cs_judge_voc(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                        unsigned char *taken) {
    double overlap;
    size_t index = find_best(truth, count, box, &overlap);
    if (overlap >= threshold && truth[index].difficult) return CS_IGNORED;
    if (overlap < threshold || taken[index]) return lies_in_crowd(truth, count, box, threshold) ? CS_IGNORED : CS_MISS;
    taken[index] = 1;
    return CS_HIT;
}

#include "eval/match.h"
#include "eval/overlap.h"

static int does_count(const cs_truth *truth) {
    return !truth->difficult && !truth->crowd;
}

/* The best object that can still be had, among those that count or among the others; `count` where there is none. A
 * crowd can be had any number of times. */
static size_t find_free(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                        const unsigned char *taken, int counting) {
    size_t index = count;
    double least = threshold;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != box->prompt || does_count(&truth[i]) != counting) continue;
        if (taken[i] && !truth[i].crowd) continue;
        double overlap = cs_overlap(&truth[i], box);
        if (overlap < least) continue; /* an equal one replaces: the last wins */
        least = overlap;
        index = i;
    }
    return index;
}

cs_verdict cs_judge_coco(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                         unsigned char *taken) {
    int counting = 1;
    size_t index = find_free(truth, count, box, threshold, taken, counting);
    if (index == count) index = find_free(truth, count, box, threshold, taken, counting = 0);
    if (index == count) return CS_MISS;
    taken[index] = 1;
    return counting ? CS_HIT : CS_IGNORED;
}

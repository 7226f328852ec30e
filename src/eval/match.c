#include "eval/match.h"

size_t cs_match(const cs_dataset *dataset, const cs_candidates *candidates, cs_judge judge, double threshold,
                unsigned char *const *taken, cs_ranked *ranked) {
    size_t n = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        const cs_candidate *candidate = &candidates->items[i];
        size_t count;
        const cs_truth *truth = cs_dataset_truth(dataset, candidate->photo, &count);
        cs_verdict verdict = judge(truth, count, candidate->box, threshold, taken[candidate->photo]);
        if (verdict == CS_IGNORED) continue;
        ranked[n++] = (cs_ranked){candidate->box->score, verdict == CS_HIT, candidate->order};
    }
    return n;
}

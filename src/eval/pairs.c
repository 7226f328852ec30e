#include "eval/pairs.h"

#include <math.h>

#include "eval/overlap.h"

static const double HIT_OVERLAP = 0.3;

cs_presence cs_presence_of(const cs_dataset *dataset, size_t photo, size_t class_index) {
    size_t count;
    const cs_truth *truth = cs_dataset_truth(dataset, photo, &count);
    cs_presence answer = CS_ABSENT;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != class_index) continue;
        if (!truth[i].difficult && !truth[i].crowd) return CS_PRESENT;
        answer = CS_UNCLEAR;
    }
    return answer;
}

static void look_at(const cs_dataset *dataset, const cs_candidate *candidate, int *hits, int *centred) {
    size_t count;
    const cs_truth *truth = cs_dataset_truth(dataset, candidate->photo, &count);
    *hits = *centred = 0;
    for (size_t i = 0; i < count; i++) {
        if (truth[i].class_index != candidate->box->prompt) continue;
        *hits |= cs_overlap(&truth[i], candidate->box) >= HIT_OVERLAP;
        *centred |= cs_centre_in(&truth[i], candidate->box);
    }
}

static void count_boxes(const cs_dataset *dataset, const cs_candidates *run, float min_score, cs_pair_boxes *room,
                        cs_pair_figures *pairs) {
    for (size_t i = 0; i < cs_dataset_count(dataset); i++)
        room[i] = (cs_pair_boxes){0, 0};
    for (size_t i = 0; i < run->count; i++) {
        int hits, centred;
        if (run->items[i].box->score < min_score) return; /* all that follow are lower */
        look_at(dataset, &run->items[i], &hits, &centred);
        room[run->items[i].photo].boxes++;
        room[run->items[i].photo].centred |= centred;
        pairs->boxes++;
        pairs->hits += (size_t)hits;
    }
}

static void count_pair(cs_presence presence, const cs_pair_boxes *pair, cs_pair_figures *pairs) {
    if (presence == CS_ABSENT) {
        pairs->absent++;
        pairs->absent_with_box += pair->boxes > 0;
    }
    if (presence != CS_PRESENT) return;
    pairs->present++;
    pairs->kept += pair->centred != 0;
    pairs->kept_boxes += pair->centred ? pair->boxes : 0;
}

cs_pair_figures cs_pair_counts(const cs_dataset *dataset, const cs_detections *const *detections,
                               const cs_candidates *run, size_t class_index, float min_score, cs_pair_boxes *room) {
    cs_pair_figures pairs = {0};
    count_boxes(dataset, run, min_score, room, &pairs);
    for (size_t i = 0; i < cs_dataset_count(dataset); i++)
        if (detections[i]) count_pair(cs_presence_of(dataset, i, class_index), &room[i], &pairs);
    return pairs;
}

void cs_pair_add(cs_pair_figures *sum, const cs_pair_figures *pairs) {
    sum->absent += pairs->absent;
    sum->absent_with_box += pairs->absent_with_box;
    sum->present += pairs->present;
    sum->kept += pairs->kept;
    sum->boxes += pairs->boxes;
    sum->hits += pairs->hits;
    sum->kept_boxes += pairs->kept_boxes;
}

static float ratio(size_t part, size_t whole) {
    return whole ? (float)((double)part / (double)whole) : NAN;
}

void cs_pair_rates(cs_pair_figures *pairs) {
    pairs->absent_rate = ratio(pairs->absent_with_box, pairs->absent);
    pairs->kept_rate = ratio(pairs->kept, pairs->present);
    pairs->hit_rate = ratio(pairs->hits, pairs->boxes);
    pairs->boxes_per_kept = ratio(pairs->kept_boxes, pairs->kept);
}

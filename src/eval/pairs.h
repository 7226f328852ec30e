/* Pairs of a photograph and a class: who is told that a thing is there, and is it. */
#ifndef CS_EVAL_PAIRS_H
#define CS_EVAL_PAIRS_H

#include "eval/candidates.h"

typedef enum cs_presence { CS_ABSENT, CS_PRESENT, CS_UNCLEAR } cs_presence;

/* Whether the photograph shows the class; unclear where it does so only in difficult objects and crowds. */
cs_presence cs_presence_of(const cs_dataset *dataset, size_t photo, size_t class_index);

/* Per photograph, for the class at hand. */
typedef struct cs_pair_boxes {
    size_t boxes;
    int centred; /* one of them has its centre in an object of the class, a difficult one or a crowd too */
} cs_pair_boxes;

/* The counts of one class; the rates are left to cs_pair_rates(). detections [photographs]: NULL leaves one out. room:
 * [photographs]. Boxes below min_score are not there. An unclear pair counts in `boxes` and `hits` only.
 *
 * "Absent pairs with a box" are meant for each prompt given alone. cs_detect() scores every prompt without regard to
 * the others that it is given (docs/methods.md), so one run with all classes has the boxes that a run per class would.
 */
cs_pair_figures cs_pair_counts(const cs_dataset *dataset, const cs_detections *const *detections,
                               const cs_candidates *run, size_t class_index, float min_score, cs_pair_boxes *room);

/* Adds the counts of another. */
void cs_pair_add(cs_pair_figures *sum, const cs_pair_figures *pairs);

/* Fills the rates from the counts. */
void cs_pair_rates(cs_pair_figures *pairs);

#endif

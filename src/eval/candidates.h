/* The detections of a whole dataset in one list, class by class. */
#ifndef CS_EVAL_CANDIDATES_H
#define CS_EVAL_CANDIDATES_H

#include "clipsight.h"

typedef struct cs_candidate {
    const cs_detection *box;
    size_t photo;
    size_t order; /* place in the order of photographs and of boxes within each */
} cs_candidate;

typedef struct cs_candidates {
    cs_candidate *items; /* [count], by class, then by falling score, then by order */
    size_t count;
} cs_candidates;

/* detections [n photographs]. A box of no class, or with a number that is not finite, is CS_ERR_ARGUMENT. */
cs_status cs_candidates_collect(const cs_detections *const *detections, size_t n, size_t class_count,
                                cs_candidates *candidates, cs_error *error);
void cs_candidates_free(cs_candidates *candidates);

/* The run of one class; its items stay the whole list's. Classes are asked for in rising order: *position, 0 at first,
 * is where the last run ended. */
cs_candidates cs_candidates_of(const cs_candidates *all, size_t class_index, size_t *position);

/* Of one class's run, the first `most` of each photograph, in the same order, copied to `best` [run->count].
 * seen: [photos], room for counts. */
cs_candidates cs_candidates_best(const cs_candidates *run, size_t most, size_t photos, size_t *seen,
                                 cs_candidate *best);

#endif

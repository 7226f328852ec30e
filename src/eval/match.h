/* Which detections hit an object: the rule of the VOC devkit. */
#ifndef CS_EVAL_MATCH_H
#define CS_EVAL_MATCH_H

#include "eval/average_precision.h"
#include "eval/candidates.h"

/* Goes through one class's candidates in their order. Each belongs to the object of its class and photograph that it
 * overlaps most (the first of equals). With an IoU of at least `threshold` it is a hit if the object is not taken yet,
 * and takes it; a miss if it is taken; and left out of the list if the object is difficult. Any other is a miss.
 * taken: per photograph, per object of any class, zeros at first. ranked: room for candidates->count; returns how many
 * it holds. */
size_t cs_match(const cs_dataset *dataset, const cs_candidates *candidates, double threshold,
                unsigned char *const *taken, cs_ranked *ranked);

#endif

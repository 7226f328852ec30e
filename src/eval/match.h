/* Which detections hit an object. */
#ifndef CS_EVAL_MATCH_H
#define CS_EVAL_MATCH_H

#include "eval/average_precision.h"
#include "eval/candidates.h"

/* What one candidate is found to be; CS_IGNORED: neither right nor wrong, so not in the ranked list. */
typedef enum cs_verdict { CS_MISS, CS_HIT, CS_IGNORED } cs_verdict;

/* Judges one candidate by the objects of its photograph, and takes the object that it is given. taken: per object of
 * that photograph, of any class, zeros before the first candidate. Candidates come by falling score. */
typedef cs_verdict (*cs_judge)(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                               unsigned char *taken);

/* The rule of the VOC devkit. A box belongs to the object of its class that it overlaps most (the first of equals).
 * With an IoU of at least `threshold` it is a hit if the object is not taken yet; a miss if it is; ignored if the
 * object is difficult. VOC knows no crowds: a box that would be a miss is ignored where it lies in one. */
cs_verdict cs_judge_voc(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                        unsigned char *taken);

/* The rule of COCO: the best object of its class that is still free (the last of equals), and a hit. Where none has an
 * IoU of at least `threshold`: ignored if a crowd, or a difficult object still free, has; else a miss.
 * Source: behaviour of pycocotools 2.0.11, COCOeval.evaluateImg. */
cs_verdict cs_judge_coco(const cs_truth *truth, size_t count, const cs_detection *box, double threshold,
                         unsigned char *taken);

/* Goes through one class's candidates in their order. ranked: room for candidates->count; returns how many it holds.
 * taken: per photograph as for cs_judge. */
size_t cs_match(const cs_dataset *dataset, const cs_candidates *candidates, cs_judge judge, double threshold,
                unsigned char *const *taken, cs_ranked *ranked);

#endif

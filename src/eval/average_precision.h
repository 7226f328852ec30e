/* Average precision of a ranked list. */
#ifndef CS_EVAL_AVERAGE_PRECISION_H
#define CS_EVAL_AVERAGE_PRECISION_H

#include "clipsight.h"

typedef struct cs_ranked {
    float score;
    int hit;      /* non-zero: right */
    size_t order; /* place among equal scores, each once */
} cs_ranked;

typedef enum cs_ties {
    CS_TIES_IN_ORDER, /* equal scores are steps of their own, in the order of the list */
    CS_TIES_AS_ONE    /* equal scores are one step: their order can gain nothing */
} cs_ties;

/* Sorts by falling score, then by rising order. */
void cs_rank(cs_ranked *list, size_t n);

/* Area under the interpolated curve of precision over recall: at each recall the best precision at that or a higher
 * recall, summed over all points where recall rises (VOC devkit since 2010). `list` [n] is ranked; `positives` counts
 * all that could have been hit, found or not. NaN where positives is 0. */
double cs_average_precision(const cs_ranked *list, size_t n, size_t positives, cs_ties ties);

/* The same curve at CS_CURVE_POINTS recalls: the best precision at that or a higher recall, 0 where none reaches it,
 * NaN where positives is 0. Equal scores are steps of their own. */
void cs_precision_curve(const cs_ranked *list, size_t n, size_t positives, float curve[CS_CURVE_POINTS]);

/* Mean over those recalls, COCO's AP; the curve is not rounded to float for it. NaN where positives is 0. */
double cs_sampled_precision(const cs_ranked *list, size_t n, size_t positives);

#endif

/* From a relevance map to boxes. */
#ifndef CS_LOCATE_BOXES_H
#define CS_LOCATE_BOXES_H

#include "clipsight.h"
#include "locate/grid.h"
#include "locate/method.h"

/* How a box's score is told. */
typedef enum cs_box_score {
    CS_SCORE_PEAK, /* the highest cosine in the region */
    CS_SCORE_MEAN  /* the mean of the map in the box: the chapter gives none, so its recipe takes this */
} cs_box_score;

typedef struct cs_box_options {
    cs_box_rule rule;
    cs_box_score score;
    float threshold; /* as in cs_box_way */
    int single;      /* one box around all of them */
} cs_box_options;

/* Appends the boxes of one map; their scores are as `options` say, not yet cut off. `grid` is what they are drawn in,
 * cosines [rows, cols] what the peak is read from. */
cs_status cs_boxes_find(const cs_grid *grid, const float *cosines, const cs_box_options *options, size_t prompt,
                        cs_detections *detections, cs_error *error);

/* Non-maximum suppression, in place: of two boxes of one prompt whose IoU is above `overlap` the surer one stays.
 * The boxes are sorted by prompt, then by falling score. */
void cs_boxes_suppress(cs_detections *detections, float overlap);

/* Puts them into that order; equal scores by position. */
void cs_boxes_sort(cs_detections *detections);

#endif

/* How much two boxes overlap. */
#ifndef CS_EVAL_IOU_H
#define CS_EVAL_IOU_H

#include "clipsight.h"

/* In pixels; covers [x, x + width) by [y, y + height). */
typedef struct cs_box {
    double x, y, width, height;
} cs_box;

/* Area of the intersection over area of the union, [0, 1], in continuous coordinates: no "+ 1" as in the VOC devkit,
 * whose boxes name their last pixel; ours were converted when they were read, which gives the same number. 0 where
 * either box is empty. */
double cs_iou(const cs_box *a, const cs_box *b);

/* Overlap of a detection with an object, [0, 1]: the IoU, or for a crowd the part of the detection that lies in it, as
 * COCO has it: a box around one person of a crowd is right, however large the crowd is. */
double cs_overlap(const cs_truth *truth, const cs_detection *detection);

/* Whether the centre of the detection lies in the object. */
int cs_centre_in(const cs_truth *truth, const cs_detection *detection);

#endif

/* How a detection lies to an object. */
#ifndef CS_EVAL_OVERLAP_H
#define CS_EVAL_OVERLAP_H

#include "clipsight.h"

/* Overlap of a detection with an object, [0, 1]: the IoU, or for a crowd the part of the detection that lies in it, as
 * COCO has it: a box around one person of a crowd is right, however large the crowd is. */
double cs_overlap(const cs_truth *truth, const cs_detection *detection);

/* Whether the centre of the detection lies in the object. */
int cs_centre_in(const cs_truth *truth, const cs_detection *detection);

#endif

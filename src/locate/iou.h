/* How much two boxes overlap. */
#ifndef CS_LOCATE_IOU_H
#define CS_LOCATE_IOU_H

/* In pixels; covers [x, x + width) by [y, y + height). */
typedef struct cs_box {
    double x, y, width, height;
} cs_box;

/* Area that two boxes share, in square pixels. */
double cs_shared_area(const cs_box *a, const cs_box *b);

/* Area of the intersection over area of the union, [0, 1], in continuous coordinates: no "+ 1" as in the VOC devkit,
 * whose boxes name their last pixel; ours were converted when they were read, which gives the same number. 0 where
 * either box is empty. */
double cs_iou(const cs_box *a, const cs_box *b);

#endif

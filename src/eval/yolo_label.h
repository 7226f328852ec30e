/* One photograph's objects from a YOLO label file. */
#ifndef CS_EVAL_YOLO_LABEL_H
#define CS_EVAL_YOLO_LABEL_H

#include "eval/dataset_classes.h"

/* What the numbers of a line mean. */
typedef enum cs_yolo_form {
    CS_YOLO_BOXES, /* class, then centre x, y, width and height; or at least three points x y of an outline */
    CS_YOLO_POSES  /* class, then centre x, y, width and height, then key points, which are not read */
} cs_yolo_form;

/* Parses a label file of `size` bytes; `path` stands for it in messages, which also give the line. All lengths are
 * shares of the photograph's width and height, 0 to 1 (a hundredth beyond is let pass). Fills a new array *truth
 * [*count] in these units, not yet in pixels. An outline counts as the box around it. */
cs_status cs_yolo_parse(const char *text, size_t size, const char *path, cs_yolo_form form,
                        const cs_class_list *classes, cs_truth **truth, size_t *count, cs_error *error);

#endif

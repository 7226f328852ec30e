/* Where label tags go: pure geometry. */
#ifndef CS_REPORT_LABEL_LAYOUT_H
#define CS_REPORT_LABEL_LAYOUT_H

#include <stddef.h>

#include "report/canvas.h"

/* Places n tags, each at the box of the same index, inside a picture of width x height. In: width and height of each
 * tag, no larger than the picture. Out: x and y. Tags with a low index choose first. Tried in this order, taking the
 * first place that covers no earlier tag: above the box, inside its top, below it, inside its bottom (each at the
 * left, right, middle), then further places touching the box, then the nearest one in the rest of the picture; if
 * nothing is free, the one at the box that covers least. */
void cs_label_layout(int width, int height, const cs_rect *boxes, cs_rect *tags, size_t n);

#endif

#include <math.h>

#include "report/formats.h"

/* fmax and fmin prefer the number where one of the two is not a number, so a NaN becomes an edge of the photograph. */
static double within(double value, double limit) {
    return fmin(fmax(value, 0), limit);
}

cs_edges cs_box_edges(const cs_detection *box, int width, int height) {
    cs_edges edges = {within(box->x, width), within(box->y, height), within((double)box->x + box->width, width),
                      within((double)box->y + box->height, height)};
    edges.right = fmax(edges.right, edges.left);
    edges.bottom = fmax(edges.bottom, edges.top);
    return edges;
}

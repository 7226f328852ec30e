#include "locate/iou.h"

/* Length that two intervals share. */
static double shared(double a, double a_length, double b, double b_length) {
    double begin = a > b ? a : b;
    double end = a + a_length < b + b_length ? a + a_length : b + b_length;
    return end > begin ? end - begin : 0;
}

double cs_shared_area(const cs_box *a, const cs_box *b) {
    return shared(a->x, a->width, b->x, b->width) * shared(a->y, a->height, b->y, b->height);
}

double cs_iou(const cs_box *a, const cs_box *b) {
    double both = cs_shared_area(a, b);
    return both > 0 ? both / (a->width * a->height + b->width * b->height - both) : 0;
}

#include "eval/iou.h"

/* Length that two intervals share. */
static double shared(double a, double a_length, double b, double b_length) {
    double begin = a > b ? a : b;
    double end = a + a_length < b + b_length ? a + a_length : b + b_length;
    return end > begin ? end - begin : 0;
}

static double intersection(const cs_box *a, const cs_box *b) {
    return shared(a->x, a->width, b->x, b->width) * shared(a->y, a->height, b->y, b->height);
}

double cs_iou(const cs_box *a, const cs_box *b) {
    double both = intersection(a, b);
    return both > 0 ? both / (a->width * a->height + b->width * b->height - both) : 0;
}

double cs_overlap(const cs_truth *truth, const cs_detection *detection) {
    cs_box a = {truth->x, truth->y, truth->width, truth->height};
    cs_box b = {detection->x, detection->y, detection->width, detection->height};
    if (!truth->crowd) return cs_iou(&a, &b);
    double both = intersection(&a, &b);
    return both > 0 ? both / (b.width * b.height) : 0;
}

int cs_centre_in(const cs_truth *truth, const cs_detection *detection) {
    double x = detection->x + detection->width / 2.0, y = detection->y + detection->height / 2.0;
    double right = (double)truth->x + truth->width, bottom = (double)truth->y + truth->height;
    return x >= truth->x && x <= right && y >= truth->y && y <= bottom;
}

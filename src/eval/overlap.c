#include "eval/overlap.h"

#include "locate/iou.h"

double cs_overlap(const cs_truth *truth, const cs_detection *detection) {
    cs_box a = {truth->x, truth->y, truth->width, truth->height};
    cs_box b = {detection->x, detection->y, detection->width, detection->height};
    if (!truth->crowd) return cs_iou(&a, &b);
    double both = cs_shared_area(&a, &b);
    return both > 0 ? both / (b.width * b.height) : 0;
}

int cs_centre_in(const cs_truth *truth, const cs_detection *detection) {
    double x = detection->x + detection->width / 2.0, y = detection->y + detection->height / 2.0;
    double right = (double)truth->x + truth->width, bottom = (double)truth->y + truth->height;
    return x >= truth->x && x <= right && y >= truth->y && y <= bottom;
}

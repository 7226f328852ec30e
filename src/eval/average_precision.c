#include "eval/average_precision.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b) {
    const cs_ranked *first = a, *second = b;
    if (first->score != second->score) return first->score > second->score ? -1 : 1;
    return (first->order > second->order) - (first->order < second->order);
}

void cs_rank(cs_ranked *list, size_t n) {
    qsort(list, n, sizeof *list, compare);
}

static size_t count_hits(const cs_ranked *list, size_t n) {
    size_t hits = 0;
    for (size_t i = 0; i < n; i++)
        hits += list[i].hit != 0;
    return hits;
}

/* From the worst to the best, the best precision so far is the interpolated one, and no curve need be stored. */
double cs_average_precision(const cs_ranked *list, size_t n, size_t positives, cs_ties ties) {
    if (positives == 0) return NAN;
    size_t hits = count_hits(list, n);
    double best = 0, sum = 0;
    for (size_t i = n; i > 0; i--) {
        int ends_step = ties == CS_TIES_IN_ORDER || i == n || list[i].score != list[i - 1].score;
        double precision = (double)hits / (double)i;
        if (ends_step && precision > best) best = precision;
        if (!list[i - 1].hit) continue;
        sum += best;
        hits--;
    }
    return sum / (double)positives;
}

/* Recalls are compared as pycocotools compares them, k * 0.01 in double precision with what was found, so that the same
 * points belong to the same hits. */
static double recall_at(int point) {
    return point * 0.01;
}

/* From the worst to the best again: `best` holds at all recalls above that of the hit before. */
static void sample(const cs_ranked *list, size_t n, size_t positives, double curve[CS_CURVE_POINTS]) {
    size_t hits = count_hits(list, n);
    double best = 0;
    int point = CS_CURVE_POINTS - 1;
    while (point >= 0 && (hits == 0 || recall_at(point) > (double)hits / (double)positives))
        curve[point--] = 0;
    for (size_t i = n; i > 0; i--) {
        if (!list[i - 1].hit) continue; /* a miss has a lower precision than the hit before it */
        best = fmax(best, (double)hits / (double)i);
        hits--;
        while (point >= 0 && (hits == 0 || recall_at(point) > (double)hits / (double)positives))
            curve[point--] = best;
    }
}

void cs_precision_curve(const cs_ranked *list, size_t n, size_t positives, float curve[CS_CURVE_POINTS]) {
    double points[CS_CURVE_POINTS];
    if (positives > 0) sample(list, n, positives, points);
    for (int i = 0; i < CS_CURVE_POINTS; i++)
        curve[i] = positives > 0 ? (float)points[i] : NAN;
}

double cs_sampled_precision(const cs_ranked *list, size_t n, size_t positives) {
    double points[CS_CURVE_POINTS], sum = 0;
    if (positives == 0) return NAN;
    sample(list, n, positives, points);
    for (int i = 0; i < CS_CURVE_POINTS; i++)
        sum += points[i];
    return sum / CS_CURVE_POINTS;
}

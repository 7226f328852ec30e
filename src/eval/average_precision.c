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

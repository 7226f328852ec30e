#include "support/samples.h"

#include <stdlib.h>
#include <string.h>

#include "support/say.h"

void samples_add(samples *set, double seconds) {
    if (set->count == SAMPLES_MOST) stop("more than %d runs", SAMPLES_MOST);
    set->seconds[set->count++] = seconds;
}

static int by_size(const void *a, const void *b) {
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

double samples_median(const samples *set) {
    double sorted[SAMPLES_MOST];
    size_t count = set->count;
    if (count == 0) return 0;
    memcpy(sorted, set->seconds, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_size);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

double samples_least(const samples *set) {
    double least = set->count ? set->seconds[0] : 0;
    for (size_t i = 1; i < set->count; i++)
        least = set->seconds[i] < least ? set->seconds[i] : least;
    return least;
}

double samples_most(const samples *set) {
    double most = set->count ? set->seconds[0] : 0;
    for (size_t i = 1; i < set->count; i++)
        most = set->seconds[i] > most ? set->seconds[i] : most;
    return most;
}

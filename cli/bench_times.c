/* Times of one thing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench_plan.h"

void times_add(bench_times *times, double seconds) {
    times->seconds = memory_grow(times->seconds, times->count + 1, sizeof *times->seconds);
    times->seconds[times->count++] = seconds;
}

static int compare_seconds(const void *a, const void *b) {
    const double *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* The i-th smallest is at i. The caller frees them. */
static double *sorted(const bench_times *times) {
    double *copy = memory_grow(NULL, times->count, sizeof *copy);
    memcpy(copy, times->seconds, times->count * sizeof *copy);
    qsort(copy, times->count, sizeof *copy, compare_seconds);
    return copy;
}

double times_median(const bench_times *times) {
    if (times->count == 0) return NAN;
    double *order = sorted(times);
    double median = (order[(times->count - 1) / 2] + order[times->count / 2]) / 2;
    free(order);
    return median;
}

double times_best(const bench_times *times) {
    double best = times->count ? times->seconds[0] : NAN;
    for (size_t i = 1; i < times->count; i++)
        best = times->seconds[i] < best ? times->seconds[i] : best;
    return best;
}

double times_spread(const bench_times *times) {
    double most = times->count ? times->seconds[0] : NAN;
    for (size_t i = 1; i < times->count; i++)
        most = times->seconds[i] > most ? times->seconds[i] : most;
    return (most - times_best(times)) / times_median(times);
}

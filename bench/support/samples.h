/* Times of one thing, in seconds. */
#ifndef BENCH_SUPPORT_SAMPLES_H
#define BENCH_SUPPORT_SAMPLES_H

#include <stddef.h>

enum { SAMPLES_MOST = 1000 };

typedef struct samples {
    size_t count;
    double seconds[SAMPLES_MOST];
} samples;

/* Stops the program when there is no more room. */
void samples_add(samples *set, double seconds);

/* 0 for an empty set, as for the other two. */
double samples_median(const samples *set);
double samples_least(const samples *set);
double samples_most(const samples *set);

#endif

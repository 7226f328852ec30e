#include "base/clock.h"

#include <time.h>

double cs_clock(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double cs_clock_lap(double *sum, double start) {
    double now = cs_clock();
    *sum += now - start;
    return now;
}

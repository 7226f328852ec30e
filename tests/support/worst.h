/* The worst of many differences. */
#ifndef CS_TESTS_WORST_H
#define CS_TESTS_WORST_H

#include <math.h>

/* The larger of the two. A difference that is not a number is the worst of all: fmax() would leave it out. */
static inline double worse(double worst, double difference) {
    return isfinite(difference) ? fmax(worst, difference) : (double)INFINITY;
}

#endif

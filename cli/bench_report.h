/* What bench prints. */
#ifndef CLI_BENCH_REPORT_H
#define CLI_BENCH_REPORT_H

#include "bench_plan.h"

/* Both texts are freed by the caller. */
char *bench_report_table(const bench_plan *plan);

/* One object on one line. */
char *bench_report_json(const bench_plan *plan);

/* Says on stderr why the figures may mean little: other work on the machine, times that differ. */
void bench_warn(const bench_plan *plan);

/* Names of the stages, for people and for JSON. */
extern const char *const BENCH_STAGE_LABELS[STAGE_COUNT];
extern const char *const BENCH_STAGE_KEYS[STAGE_COUNT];

/* What follows from a variant's median. */
typedef struct bench_rates {
    double best, median;           /* milliseconds a window */
    double spread;                 /* part of the median */
    double windows_a_second, gmac; /* of one window */
    double gflops, share;          /* share of the peak; NAN where that is unknown */
} bench_rates;

bench_rates bench_rates_of(const bench_plan *plan, const bench_variant *variant);

#endif

/* What bench measures: every combination of what was asked for. */
#ifndef CLI_BENCH_PLAN_H
#define CLI_BENCH_PLAN_H

#include "bench_job.h"
#include "bench_lists.h"

/* Times of one thing, in seconds. */
typedef struct bench_times {
    double *seconds;
    size_t count;
} bench_times;

/* The most that so many threads can do in a precision. */
typedef struct bench_peak {
    cs_precision precision;
    int threads;
    double gflops; /* 0: the processor lacks the instructions */
    char instructions[32];
} bench_peak;

/* One batch size of one opened model. */
typedef struct bench_variant {
    size_t model; /* index of bench_plan.opened */
    int batch;
    bench_times times; /* of a batch */
    double gmac;       /* of a batch */
    double memory;     /* most that the process has held up to this batch size, in bytes */
} bench_variant;

/* A model, opened with one precision and number of threads, and its process. */
typedef struct bench_opened {
    const char *name, *folder;
    cs_precision precision;
    int threads;
    int absent; /* non-zero: the processor lacks the precision, and nobody named it */
    bench_process process;
    bench_times stages[STAGE_COUNT], photo; /* of the photograph */
    double photo_gmac, photo_memory;
} bench_opened;

typedef struct bench_plan {
    const cli_settings *settings;
    number_list precisions, batches, threads;
    int named; /* non-zero: the precisions were */
    size_t runs;
    text_list names, folders; /* of the models */
    bench_process peak_process;
    bench_peak *peaks;
    size_t peak_count;
    bench_opened *opened;
    size_t opened_count;
    bench_variant *variants;
    size_t variant_count;
    double load_before, load_after; /* load average of the last minute; negative: unknown */
} bench_plan;

/* Reads the options and finds the models. Returns an exit status; the plan is freed in any case. */
int plan_make(bench_plan *plan, const cli_settings *settings);
void plan_free(bench_plan *plan);

/* The peak that belongs to a model; NULL where it is not known. */
const bench_peak *plan_peak(const bench_plan *plan, const bench_opened *opened);

/* Starts the processes and measures everything in turns. */
int plan_measure(bench_plan *plan);

void times_add(bench_times *times, double seconds);

/* NAN for an empty set, as for the two below. */
double times_median(const bench_times *times);
double times_best(const bench_times *times);

/* (most - least) / median. */
double times_spread(const bench_times *times);

#endif

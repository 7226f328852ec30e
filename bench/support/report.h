/* Results: lines for people on standard output and, where a file is named, one line of JSON appended to it. */
#ifndef BENCH_SUPPORT_REPORT_H
#define BENCH_SUPPORT_REPORT_H

#include <stdio.h>

#include "support/samples.h"

typedef struct bench_report {
    FILE *json; /* NULL: none wanted */
} bench_report;

/* `name` is the benchmark's short name, `title` a sentence for people. */
bench_report report_begin(const char *name, const char *title, const char *json_path);

/* Median, least and most, in milliseconds. `key` is the JSON field, `label` what people read. */
void report_times(bench_report *report, const char *key, const char *label, const samples *times);

/* A plain number. */
void report_number(bench_report *report, const char *key, const char *label, double value);

/* A ratio of two medians, beside the highest that would do. */
void report_ratio(bench_report *report, const char *key, const char *label, double ratio, double wanted);

void report_end(bench_report *report);

#endif

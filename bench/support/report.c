#include "support/report.h"

#include "support/say.h"

bench_report report_begin(const char *name, const char *title, const char *json_path) {
    bench_report report = {NULL};
    printf("\n%s\n", title);
    if (!json_path) return report;
    report.json = fopen(json_path, "a");
    if (!report.json) stop("%s: cannot be written", json_path);
    fprintf(report.json, "{\"bench\": \"%s\"", name);
    return report;
}

void report_times(bench_report *report, const char *key, const char *label, const samples *times) {
    double median = samples_median(times) * 1e3, least = samples_least(times) * 1e3, most = samples_most(times) * 1e3;
    printf("  %-44s %9.2f ms  (%.2f to %.2f, %zu runs)\n", label, median, least, most, times->count);
    if (report->json)
        fprintf(report->json, ", \"%s\": {\"median_ms\": %.4f, \"least_ms\": %.4f, \"most_ms\": %.4f, \"runs\": %zu}",
                key, median, least, most, times->count);
}

void report_number(bench_report *report, const char *key, const char *label, double value) {
    printf("  %-44s %9.2f\n", label, value);
    if (report->json) fprintf(report->json, ", \"%s\": %.4f", key, value);
}

void report_ratio(bench_report *report, const char *key, const char *label, double ratio, double wanted) {
    printf("  %-44s %9.2f     (wanted: at most %g%s)\n", label, ratio, wanted, ratio > wanted ? "; MISSED" : "");
    if (report->json) fprintf(report->json, ", \"%s\": %.4f, \"%s_wanted\": %g", key, ratio, key, wanted);
}

void report_end(bench_report *report) {
    fflush(stdout);
    if (!report->json) return;
    fputs("}\n", report->json);
    fclose(report->json);
}

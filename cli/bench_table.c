/* bench for people. */
#include <math.h>
#include <stdio.h>

#include "bench_report.h"
#include "text_stream.h"

static void put_number(FILE *out, int width, int decimals, double value) {
    if (isfinite(value))
        fprintf(out, "%*.*f", width, decimals, value);
    else
        fprintf(out, "%*s", width, "-");
}

static void put_machine(FILE *out, const bench_plan *plan) {
    cs_machine machine;
    cs_machine_describe(&machine);
    fprintf(out, "processor     %s, %d for this process, %.1f GB of memory\n", machine.processor, machine.processors,
            (double)machine.memory_bytes / 1e9);
    fprintf(out, "instructions  %s\n", machine.instructions);
    fprintf(out, "built with    clipsight %s, %s, oneDNN %s\n", cs_version(), machine.compiler, machine.onednn);
    fprintf(out, "load average  %.2f before, %.2f after; %zu runs of each, in turns\n", plan->load_before,
            plan->load_after, plan->runs);
}

static void put_peaks(FILE *out, const bench_plan *plan) {
    fprintf(out, "\n%-10s%8s%12s  %s\n", "peak", "threads", "GFLOP/s", "with");
    for (size_t i = 0; i < plan->peak_count; i++) {
        const bench_peak *peak = &plan->peaks[i];
        fprintf(out, "%-10s%8d", cs_precision_name(peak->precision), peak->threads);
        put_number(out, 12, 1, peak->gflops > 0 ? peak->gflops : NAN);
        fprintf(out, "  %s\n", peak->gflops > 0 ? peak->instructions : "-");
    }
}

static void put_variant(FILE *out, const bench_plan *plan, const bench_variant *variant) {
    const bench_opened *opened = &plan->opened[variant->model];
    bench_rates rates = bench_rates_of(plan, variant);
    fprintf(out, "%-10s%8d%7d", cs_precision_name(opened->precision), opened->threads, variant->batch);
    put_number(out, 10, 2, rates.best);
    put_number(out, 10, 2, rates.median);
    put_number(out, 8, 1, 100 * rates.spread);
    put_number(out, 11, 1, rates.windows_a_second);
    put_number(out, 10, 1, rates.gflops);
    put_number(out, 8, 1, 100 * rates.share);
    put_number(out, 8, 0, variant->memory / 1e6);
    fputc('\n', out);
}

static void put_model(FILE *out, const bench_plan *plan, const char *name) {
    double gmac = 0;
    for (size_t i = 0; i < plan->variant_count; i++)
        if (plan->opened[plan->variants[i].model].name == name && plan->variants[i].gmac > 0)
            gmac = plan->variants[i].gmac / plan->variants[i].batch;
    fprintf(out, "\n%s: %.3f GMAC executed a window\n", name, gmac);
    fprintf(out, "%-10s%8s%7s%10s%10s%8s%11s%10s%8s%8s\n", "precision", "threads", "batch", "best ms", "median ms",
            "+- %", "windows/s", "GFLOP/s", "% peak", "MB");
    for (size_t i = 0; i < plan->variant_count; i++) {
        const bench_opened *opened = &plan->opened[plan->variants[i].model];
        if (opened->name == name && !opened->absent) put_variant(out, plan, &plan->variants[i]);
    }
}

static void put_photo(FILE *out, const bench_opened *opened) {
    fprintf(out, "%-10s%8d", cs_precision_name(opened->precision), opened->threads);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        put_number(out, stage == STAGE_PREPARE ? 16 : 9, 1, 1e3 * times_median(&opened->stages[stage]));
    put_number(out, 10, 1, 1e3 * times_median(&opened->photo));
    put_number(out, 8, 0, opened->photo_memory / 1e6);
    fprintf(out, "  %s\n", opened->name);
}

static void put_photos(FILE *out, const bench_plan *plan) {
    if (!plan->settings->photo) return;
    fprintf(out, "\n%s, ms (medians)\n%-10s%8s", plan->settings->photo, "precision", "threads");
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        fprintf(out, "%*s", stage == STAGE_PREPARE ? 16 : 9, BENCH_STAGE_LABELS[stage]);
    fprintf(out, "%10s%8s  %s\n", "all", "MB", "model");
    for (size_t i = 0; i < plan->opened_count; i++)
        if (!plan->opened[i].absent) put_photo(out, &plan->opened[i]);
}

char *bench_report_table(const bench_plan *plan) {
    text_stream report;
    text_stream_open(&report);
    put_machine(report.out, plan);
    put_peaks(report.out, plan);
    for (size_t i = 0; i < plan->names.count; i++)
        put_model(report.out, plan, plan->names.items[i]);
    put_photos(report.out, plan);
    return text_stream_close(&report);
}

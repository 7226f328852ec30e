/* bench for programs. */
#include <math.h>
#include <stdio.h>

#include "bench_report.h"
#include "json_text.h"
#include "text_stream.h"

static void put_text(FILE *out, const char *name, const char *text) {
    fprintf(out, "\"%s\":", name);
    json_put(out, text);
}

static void put_number(FILE *out, const char *name, double value) {
    if (isfinite(value))
        fprintf(out, ",\"%s\":%.6g", name, value);
    else
        fprintf(out, ",\"%s\":null", name);
}

/* An unknown load is negative. */
static double known(double value) {
    return value < 0 ? NAN : value;
}

static void put_machine(FILE *out, const bench_plan *plan) {
    cs_machine machine;
    cs_machine_describe(&machine);
    fputs("{\"machine\":{", out);
    put_text(out, "processor", machine.processor);
    fputc(',', out);
    put_text(out, "instructions", machine.instructions);
    fputc(',', out);
    put_text(out, "compiler", machine.compiler);
    fputc(',', out);
    put_text(out, "onednn", machine.onednn);
    fputc(',', out);
    put_text(out, "clipsight", cs_version());
    put_number(out, "processors", machine.processors);
    fprintf(out, ",\"memory_bytes\":%llu", (unsigned long long)machine.memory_bytes);
    put_number(out, "load_before", known(plan->load_before));
    put_number(out, "load_after", known(plan->load_after));
    fprintf(out, "},\"runs\":%zu", plan->runs);
}

static void put_peaks(FILE *out, const bench_plan *plan) {
    fputs(",\"peaks\":[", out);
    for (size_t i = 0; i < plan->peak_count; i++) {
        const bench_peak *peak = &plan->peaks[i];
        fputs(i > 0 ? ",{" : "{", out);
        put_text(out, "precision", cs_precision_name(peak->precision));
        fprintf(out, ",\"threads\":%d", peak->threads);
        put_number(out, "gflops", peak->gflops > 0 ? peak->gflops : NAN);
        fputc(',', out);
        put_text(out, "instructions", peak->instructions);
        fputc('}', out);
    }
    fputc(']', out);
}

static void put_opened(FILE *out, const bench_opened *opened) {
    put_text(out, "model", opened->name);
    fputc(',', out);
    put_text(out, "precision", cs_precision_name(opened->precision));
    fprintf(out, ",\"threads\":%d", opened->threads);
}

static void put_variant(FILE *out, const bench_plan *plan, const bench_variant *variant) {
    bench_rates rates = bench_rates_of(plan, variant);
    put_opened(out, &plan->opened[variant->model]);
    fprintf(out, ",\"batch\":%d", variant->batch);
    put_number(out, "best_ms", rates.best);
    put_number(out, "median_ms", rates.median);
    put_number(out, "spread", rates.spread);
    put_number(out, "windows_per_second", rates.windows_a_second);
    put_number(out, "gmac", rates.gmac);
    put_number(out, "gflops", rates.gflops);
    put_number(out, "share_of_peak", rates.share);
    fprintf(out, ",\"peak_memory_bytes\":%.0f", variant->memory);
}

static void put_variants(FILE *out, const bench_plan *plan) {
    const char *before = "{";
    fputs(",\"encoder\":[", out);
    for (size_t i = 0; i < plan->variant_count; i++) {
        if (plan->opened[plan->variants[i].model].absent) continue;
        fputs(before, out);
        put_variant(out, plan, &plan->variants[i]);
        fputc('}', out);
        before = ",{";
    }
    fputc(']', out);
}

static void put_photo(FILE *out, const bench_opened *opened) {
    put_opened(out, opened);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        put_number(out, BENCH_STAGE_KEYS[stage], 1e3 * times_median(&opened->stages[stage]));
    put_number(out, "all_ms", 1e3 * times_median(&opened->photo));
    put_number(out, "all_best_ms", 1e3 * times_best(&opened->photo));
    put_number(out, "spread", times_spread(&opened->photo));
    put_number(out, "gmac", opened->photo_gmac);
    fprintf(out, ",\"peak_memory_bytes\":%.0f", opened->photo_memory);
}

static void put_photos(FILE *out, const bench_plan *plan) {
    const char *before = "{";
    if (!plan->settings->photo) return;
    fputs(",\"photograph\":{", out);
    put_text(out, "path", plan->settings->photo);
    fputs(",\"stages\":[", out);
    for (size_t i = 0; i < plan->opened_count; i++) {
        if (plan->opened[i].absent) continue;
        fputs(before, out);
        put_photo(out, &plan->opened[i]);
        fputc('}', out);
        before = ",{";
    }
    fputs("]}", out);
}

char *bench_report_json(const bench_plan *plan) {
    text_stream report;
    text_stream_open(&report);
    put_machine(report.out, plan);
    put_peaks(report.out, plan);
    put_variants(report.out, plan);
    put_photos(report.out, plan);
    fputs("}\n", report.out);
    return text_stream_close(&report);
}

#include "bench_plan.h"

#include <stdlib.h>

#include "say.h"

enum { USUAL_RUNS = 5, MOST_THREADS = 1024, MOST_BATCH = 1024 };

static int processors(void) {
    cs_machine machine;
    cs_machine_describe(&machine);
    return machine.processors;
}

static int read_lists(bench_plan *plan) {
    const cli_settings *settings = plan->settings;
    const char *precisions = settings->precisions ? settings->precisions : "fp32,bf16,int8";
    const char *batches = settings->batches ? settings->batches : "1,8,32";
    plan->named = settings->precisions != NULL;
    int status = list_precisions("precision", precisions, &plan->precisions);
    if (status == STATUS_OK) status = list_numbers("batch", batches, MOST_BATCH, &plan->batches);
    if (status != STATUS_OK) return status;
    if (settings->thread_counts) return list_numbers("threads", settings->thread_counts, MOST_THREADS, &plan->threads);
    list_add(&plan->threads, 1);
    list_add(&plan->threads, processors());
    return STATUS_OK;
}

static int find_models(bench_plan *plan) {
    const text_list *given = &plan->settings->models;
    for (size_t i = 0; i < (given->count ? given->count : 1); i++) {
        const char *name = given->count ? given->items[i] : "starter";
        char *folder;
        cs_error error;
        if (cs_model_find(name, &folder, &error) != CS_OK) {
            complain("%s", error.message);
            return STATUS_FAILURE;
        }
        text_list_add(&plan->names, text_copy(name));
        text_list_add(&plan->folders, text_copy(folder));
        cs_string_free(folder);
    }
    return STATUS_OK;
}

static void add_variants(bench_plan *plan) {
    for (size_t i = 0; i < plan->batches.count; i++) {
        plan->variants = memory_grow(plan->variants, plan->variant_count + 1, sizeof *plan->variants);
        plan->variants[plan->variant_count++] =
            (bench_variant){.model = plan->opened_count - 1, .batch = plan->batches.items[i]};
    }
}

static void add_opened(bench_plan *plan, size_t model, int precision, int threads) {
    plan->opened = memory_grow(plan->opened, plan->opened_count + 1, sizeof *plan->opened);
    plan->opened[plan->opened_count++] = (bench_opened){.name = plan->names.items[model],
                                                        .folder = plan->folders.items[model],
                                                        .precision = (cs_precision)precision,
                                                        .threads = threads};
    add_variants(plan);
}

static void combine(bench_plan *plan) {
    for (size_t p = 0; p < plan->precisions.count; p++) {
        for (size_t t = 0; t < plan->threads.count; t++) {
            plan->peaks = memory_grow(plan->peaks, plan->peak_count + 1, sizeof *plan->peaks);
            plan->peaks[plan->peak_count++] =
                (bench_peak){(cs_precision)plan->precisions.items[p], plan->threads.items[t], 0, ""};
        }
    }
    for (size_t m = 0; m < plan->names.count; m++)
        for (size_t i = 0; i < plan->peak_count; i++)
            add_opened(plan, m, (int)plan->peaks[i].precision, plan->peaks[i].threads);
}

int plan_make(bench_plan *plan, const cli_settings *settings) {
    *plan = (bench_plan){.settings = settings, .load_before = -1, .load_after = -1};
    plan->runs = settings->runs ? (size_t)settings->runs : USUAL_RUNS;
    int status = read_lists(plan);
    if (status == STATUS_OK) status = find_models(plan);
    if (status == STATUS_OK) combine(plan);
    return status;
}

void plan_free(bench_plan *plan) {
    process_stop(&plan->peak_process);
    for (size_t i = 0; i < plan->opened_count; i++) {
        process_stop(&plan->opened[i].process);
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            free(plan->opened[i].stages[stage].seconds);
        free(plan->opened[i].photo.seconds);
    }
    for (size_t i = 0; i < plan->variant_count; i++)
        free(plan->variants[i].times.seconds);
    free(plan->peaks);
    free(plan->opened);
    free(plan->variants);
    text_list_free(&plan->names);
    text_list_free(&plan->folders);
}

const bench_peak *plan_peak(const bench_plan *plan, const bench_opened *opened) {
    for (size_t i = 0; i < plan->peak_count; i++) {
        const bench_peak *peak = &plan->peaks[i];
        if (peak->precision == opened->precision && peak->threads == opened->threads && peak->gflops > 0) return peak;
    }
    return NULL;
}

/* Everything in turns: one run of each, then the next of each, so that whatever else the machine does hits all alike.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench_plan.h"
#include "interrupt.h"
#include "progress.h"
#include "say.h"

/* Threads that wait for work spin for a moment before they sleep; the next process should have the processors to
 * itself. */
static void pause_a_moment(void) {
    const struct timespec pause = {0, 20 * 1000 * 1000};
    nanosleep(&pause, NULL);
}

static double load_average(void) {
    double load[1];
    return getloadavg(load, 1) == 1 ? load[0] : -1;
}

/* Asks, and complains of whatever went wrong except Ctrl-C. */
static int ask(const bench_process *process, const bench_request *request, bench_reply *reply) {
    pause_a_moment();
    if (process_ask(process, request, reply) != STATUS_OK) {
        if (!interrupt_signal()) complain("a process of bench ended early (out of memory?)");
        return STATUS_FAILURE;
    }
    if (reply->error.code == CS_OK) return STATUS_OK;
    complain("%s", reply->error.message);
    return STATUS_FAILURE;
}

static int start_processes(bench_plan *plan) {
    int status = process_start(&plan->peak_process, peak_serve, NULL);
    for (size_t i = 0; status == STATUS_OK && i < plan->opened_count; i++) {
        bench_opened *opened = &plan->opened[i];
        bench_job job = {.folder = opened->folder,
                         .options = {.threads = opened->threads,
                                     .batch = plan->batches.items[plan->batches.count - 1],
                                     .precision = opened->precision},
                         .settings = plan->settings};
        status = process_start(&opened->process, job_serve, &job);
    }
    return status;
}

/* Keeps the best. */
static int measure_peaks(bench_plan *plan) {
    for (size_t i = 0; i < plan->peak_count; i++) {
        bench_peak *peak = &plan->peaks[i];
        const bench_request request = {TASK_PEAK, (int)peak->precision, peak->threads};
        bench_reply reply;
        if (process_ask(&plan->peak_process, &request, &reply) != STATUS_OK) return STATUS_FAILURE;
        if (reply.error.code != CS_OK || reply.gflops <= peak->gflops) continue;
        peak->gflops = reply.gflops;
        memcpy(peak->instructions, reply.instructions, sizeof peak->instructions);
    }
    return STATUS_OK;
}

/* The first run of all is for what comes once: opening the model, packing weights, making primitives. It also shows
 * whether the processor has what the precision needs. */
static int warm_up(bench_plan *plan, bench_variant *variant) {
    bench_opened *opened = &plan->opened[variant->model];
    const bench_request request = {TASK_ENCODE, variant->batch, 0};
    bench_reply reply;
    if (opened->absent) return STATUS_OK;
    int status = process_ask(&opened->process, &request, &reply);
    if (status == STATUS_OK && reply.error.code == CS_ERR_UNSUPPORTED && !plan->named) {
        opened->absent = 1;
        if (!plan->settings->quiet) complain("%s: left out: %s", opened->name, reply.error.message);
        return STATUS_OK;
    }
    if (status == STATUS_OK && reply.error.code != CS_OK) {
        complain("%s", reply.error.message);
        return STATUS_FAILURE;
    }
    variant->gmac = reply.gmac;
    variant->memory = reply.memory;
    return status;
}

static int measure_variant(bench_plan *plan, bench_variant *variant) {
    const bench_opened *opened = &plan->opened[variant->model];
    const bench_request request = {TASK_ENCODE, variant->batch, 0};
    bench_reply reply;
    if (opened->absent) return STATUS_OK;
    int status = ask(&opened->process, &request, &reply);
    if (status == STATUS_OK) times_add(&variant->times, reply.seconds);
    return status;
}

static int measure_photo(bench_opened *opened, int counts) {
    const bench_request request = {TASK_PHOTO, 0, 0};
    bench_reply reply;
    if (opened->absent) return STATUS_OK;
    int status = ask(&opened->process, &request, &reply);
    if (status != STATUS_OK || !counts) return status;
    times_add(&opened->photo, reply.seconds);
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        times_add(&opened->stages[stage], reply.stages[stage]);
    opened->photo_gmac = reply.gmac;
    opened->photo_memory = reply.memory;
    return STATUS_OK;
}

/* One run of each; round 0 does not count. */
static int measure_round(bench_plan *plan, size_t round) {
    int status = measure_peaks(plan);
    for (size_t i = 0; status == STATUS_OK && i < plan->variant_count; i++)
        status = round == 0 ? warm_up(plan, &plan->variants[i]) : measure_variant(plan, &plan->variants[i]);
    return status;
}

static int measure_photo_round(bench_plan *plan, size_t round) {
    int status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < plan->opened_count; i++)
        status = measure_photo(&plan->opened[i], round > 0);
    return status;
}

int plan_measure(bench_plan *plan) {
    cli_progress progress;
    size_t total = (plan->runs + 1) * (plan->settings->photo ? 2 : 1);
    int status = start_processes(plan);
    progress_start(&progress, plan->settings->quiet, "rounds");
    plan->load_before = load_average();
    for (size_t done = 0; status == STATUS_OK && done < total && !interrupt_signal(); done++) {
        progress_update(&progress, (double)done, total);
        status = done <= plan->runs ? measure_round(plan, done) : measure_photo_round(plan, done - plan->runs - 1);
    }
    plan->load_after = load_average();
    progress_clear(&progress);
    return interrupt_signal() ? STATUS_FAILURE : status;
}

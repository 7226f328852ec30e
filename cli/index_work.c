/* The work of `clipsight index`, shared with other indexers where the store can: paths are offered, taken, done. */
#include <stdlib.h>

#include "index.h"
#include "interrupt.h"

enum {
    OFFER = 4096, /* paths at a time */
    LEAST_TAKE = 32,
    MOST_TAKE = 1024,
    FIRST_BATCH = 8
};

/* What is taken is lost to other indexers for so long; what is under way is lost to a process that is killed. */
static const double TAKE_SECONDS = 10, BATCH_SECONDS = 2;

static size_t most_in(double seconds, double each, size_t least, size_t most) {
    double count = each > 0 ? seconds / each : 0;
    return count < (double)least ? least : count > (double)most ? most : (size_t)count;
}

/* What the threads that read ahead get to see. */
typedef struct taken {
    const char *const *paths;
    const index_plan *plan;
} taken;

static const char *taken_path(const void *context, size_t index) {
    return ((const taken *)context)->paths[index];
}

static int is_known(const void *context, const uint8_t hash[32]) {
    return index_plan_knows(((const taken *)context)->plan, hash);
}

/* Where several index, what this one does may be less than it found, or more. */
static size_t total(const index_run *run) {
    return run->taken > run->plan.todo_count ? run->taken : run->plan.todo_count;
}

static void work_on(index_run *run, const char *const *paths, size_t n) {
    const taken work = {paths, &run->plan};
    ahead_photo photos[BATCH_MOST];
    size_t done = 0, count;
    ahead_plan plan = batch_plan(n, run->plan.max_pixels, run->settings->threads);
    plan.path = taken_path;
    plan.context = &work;
    plan.is_known = is_known;
    cli_ahead *ahead = ahead_open(&plan);
    while (!index_stopped(run)) {
        size_t most = run->seconds_each > 0 ? most_in(BATCH_SECONDS, run->seconds_each, 1, BATCH_MOST) : FIRST_BATCH;
        if ((count = ahead_next(ahead, most, photos)) == 0) break;
        index_batch(run, ahead, done, paths + done, photos, count);
        done += count;
        progress_update(&run->report.progress, (double)run->report.done, total(run));
    }
    ahead_stop(ahead);
}

static cs_status offer(index_run *run, cs_error *error) {
    const index_plan *plan = &run->plan;
    const char **paths = memory_grow(NULL, OFFER, sizeof *paths);
    cs_status status = CS_OK;
    for (size_t first = 0; status == CS_OK && first < plan->todo_count && !interrupt_signal(); first += OFFER) {
        size_t n = plan->todo_count - first < OFFER ? plan->todo_count - first : OFFER;
        for (size_t i = 0; i < n; i++)
            paths[i] = plan->todo[first + i].path;
        status = cs_store_offer(run->store, paths, n, error);
    }
    free(paths);
    return status;
}

void index_work(index_run *run) {
    cs_error error = {CS_OK, ""};
    const char *const *paths;
    size_t n = 1;
    double began = seconds_now();
    cs_status status = offer(run, &error);
    progress_start(&run->report.progress, run->settings->quiet, "photographs");
    while (status == CS_OK && n > 0 && !index_stopped(run)) {
        size_t most = most_in(TAKE_SECONDS, run->seconds_each, LEAST_TAKE, MOST_TAKE);
        status = cs_store_take(run->store, most, &paths, &n, &error);
        run->taken += n;
        if (status == CS_OK && n > 0) work_on(run, paths, n);
    }
    if (status != CS_OK) {
        index_report_failure(&run->report, &error);
        run->is_over = 1;
    }
    run->report.working = seconds_now() - began;
    progress_clear(&run->report.progress);
}

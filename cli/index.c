/* clipsight index: photographs and what the model makes of them, kept in a store to search in. */
#include "index.h"

#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "interrupt.h"
#include "model_open.h"
#include "photos.h"
#include "replacement.h"
#include "say.h"
#include "shared_options.h"
#include "store_open.h"

enum { REMOVE = 1024 }; /* paths at a time */

int index_stopped(const index_run *run) {
    return interrupt_signal() || run->is_over || !run->report.results.stream;
}

static int check(const cli_settings *settings) {
    const text_list *operands = &settings->operands;
    if (operands->count == 0) return usage_error("index", "expected at least one folder or photograph");
    for (size_t i = 0; i < operands->count; i++) {
        if (operands->items[i][0] == '\0')
            return usage_error("index", "expected a folder or photograph, got an empty name");
        if (strcmp(operands->items[i], "-") == 0)
            return usage_error("index", "'-' (standard input) has no place to be found at again");
    }
    if (settings->report && settings->format != INDEX_JSON)
        return usage_error("index", "--report: goes with --format json");
    return STATUS_OK;
}

/* Every later run adds windows, so nothing but a run with something to do may ask for them. */
static cs_status want_windows(index_run *run, cs_error *error) {
    if (!run->settings->windows || run->info.windows || !index_roots_are_there(&run->plan.roots)) return CS_OK;
    cs_status status = cs_store_set_windows(run->store, error);
    return status == CS_OK ? cs_store_describe(run->store, &run->info, error) : status;
}

/* A store is made for what is there; what is gone can only be taken out of one. */
static cs_status open_store(index_run *run, cs_error *error) {
    const cli_settings *settings = run->settings;
    const cs_store_model model = store_model(run->model, settings->model);
    const cs_store_options options = {
        .model = &model, .create = index_roots_are_there(&run->plan.roots), .threads = (int)settings->threads};
    char *where = NULL;
    const replacement report = replacement_by(settings->report, "report");
    cs_status status = store_find(settings, &where, error);
    if (status == CS_OK) status = replacement_check_store(&report, where, error);
    if (status == CS_OK) status = cs_store_open(where, &options, &run->store, error);
    free(where);
    if (status == CS_OK) status = cs_store_describe(run->store, &run->info, error);
    return status == CS_OK ? want_windows(run, error) : status;
}

/* No photograph may be replaced by the report, stored or found now. */
static cs_status check_report(const index_run *run, cs_error *error) {
    const replacement by = replacement_by(run->settings->report, "report");
    const cli_walk *walk = &run->plan.walk;
    cs_status status = replacement_check_photos(&by, run->store, error);
    for (size_t i = 0; i < walk->count && status == CS_OK; i++)
        status = replacement_check_photo(&by, walk->photos[i].path, walk->photos[i].bytes, error);
    return status;
}

/* Before anything is opened or made. Returns whether there is something to go on with. */
static int find_roots(index_run *run) {
    index_plan *plan = &run->plan;
    if (index_roots_resolve(&plan->roots, &run->settings->operands, plan->prune) != STATUS_OK)
        run->report.status = STATUS_FAILURE;
    if (plan->roots.count == 0) index_report_end(&run->report, plan);
    return plan->roots.count > 0;
}

/* The same. */
static int prepare(index_run *run) {
    cs_error error = {CS_OK, ""};
    cs_status status = model_open(run->settings, &run->model, &error);
    if (status == CS_OK) status = open_store(run, &error);
    run->plan.store = &run->info;
    run->batch = (cli_batch){.model = run->model, .windows = run->info.windows};
    if (status == CS_OK && index_plan_walk(&run->plan) != STATUS_OK) run->report.status = STATUS_FAILURE;
    if (status == CS_OK && !interrupt_signal()) status = check_report(run, &error);
    if (status == CS_OK && !interrupt_signal()) status = index_plan_compare(&run->plan, run->store, &error);
    if (status != CS_OK) index_report_failure(&run->report, &error);
    return status == CS_OK && !interrupt_signal();
}

static int is_to_go(index_missing *missing) {
    return (missing->verdict == INDEX_GONE || missing->is_moved) && index_is_gone(missing->path);
}

static void remove_slice(index_run *run, size_t first, size_t n) {
    cs_error error = {CS_OK, ""};
    const char *paths[REMOVE];
    const index_missing *gone[REMOVE];
    size_t count = 0;
    for (size_t i = first; i < first + n; i++) {
        index_missing *missing = &run->plan.missing[i];
        if (!is_to_go(missing)) continue;
        gone[count] = missing;
        paths[count++] = missing->path;
    }
    if (count > 0 && cs_store_remove(run->store, paths, count, &error) != CS_OK) {
        index_report_failure(&run->report, &error);
        run->is_over = 1;
        return;
    }
    for (size_t i = 0; i < count; i++)
        if (!gone[i]->is_moved) index_report_photo(&run->report, INDEX_STATE_REMOVED, gone[i]->path, NULL, NULL);
}

static void remove_gone(index_run *run) {
    for (size_t first = 0; first < run->plan.missing_count && !index_stopped(run); first += REMOVE) {
        size_t left = run->plan.missing_count - first;
        remove_slice(run, first, left < REMOVE ? left : REMOVE);
    }
}

static int has_changed(const index_run *run) {
    for (int i = 0; i < INDEX_STATE_COUNT; i++)
        if (run->report.counts[i] > 0) return 1;
    return 0;
}

static void index_photos(index_run *run) {
    cs_error error = {CS_OK, ""};
    index_judge(&run->plan);
    if (run->plan.todo_count > 0) index_work(run);
    remove_gone(run);
    if (!index_stopped(run) && has_changed(run) && cs_store_finish(run->store, &error) != CS_OK)
        index_report_failure(&run->report, &error);
    index_report_end(&run->report, &run->plan);
}

static int run(cli_settings *settings) {
    index_run run = {.settings = settings};
    int status = check(settings);
    if (status != STATUS_OK) return status;
    run.plan.retry = settings->retry;
    run.plan.prune = settings->prune;
    run.plan.max_pixels = photo_most_pixels((unsigned long long)settings->max_pixels);
    index_report_open(&run.report, settings);
    if (run.report.status == STATUS_OK) {
        if (find_roots(&run) && prepare(&run))
            index_photos(&run);
        else
            index_report_drop(&run.report);
    }
    batch_empty(&run.batch);
    index_plan_free(&run.plan);
    cs_store_close(run.store);
    cs_model_close(run.model);
    return index_report_close(&run.report);
}

static const option_choice FORMATS[] = {{"none", INDEX_SILENT}, {"json", INDEX_JSON}, {NULL, 0}};

static const cli_option INDEXING[] = {
    {"store", 0, OPTION_TEXT, FIELD(store), "FILE|URL",
     "where to keep them: a file, or postgresql://... (default:\n$XDG_DATA_HOME/clipsight/search.sqlite)", 0, 0, 0,
     NULL},
    {"windows", 0, OPTION_FLAG, FIELD(windows), NULL,
     "also keep what the model makes of parts of each photograph, so that\nsmall things are found: about nine times "
     "the "
     "work and the room;\nthe store then wants it of every photograph from now on",
     0, 0, 0, NULL},
    {"retry", 0, OPTION_FLAG, FIELD(retry), NULL, "try again what could not be read by an earlier run", 0, 0, 0, NULL},
    {"prune", 0, OPTION_FLAG, FIELD(prune), NULL,
     "also forget what was below folders that are empty now, or not there\nany more; without this they are taken for "
     "disks that are not mounted",
     0, 0, 0, NULL},
    {"format", 0, OPTION_CHOICE, FIELD(format), "none|json",
     "json: a line per photograph on standard output as soon as the store\nhas it for good, and a last one with the "
     "sums (default: none)",
     0, 0, 0, FORMATS},
    {0}};

static const option_group INDEX_OPTIONS = {"Indexing", INDEXING};
static const option_group *const GROUPS[] = {&INDEX_OPTIONS, &MODEL_OPTIONS, &OTHER_OPTIONS, NULL};

const cli_command INDEX_COMMAND = {"index",
                                   "DIR|PHOTO... [--store FILE|URL] [options]",
                                   "keep photographs in a store, to search them by words",
                                   "Looks through folders and puts what the model makes of each photograph into a\n"
                                   "store that 'clipsight search' looks into. A later run does only what has changed\n"
                                   "since: new and changed photographs are read, those that are gone are removed.\n"
                                   "Hidden files and folders are left out. It may be stopped at any moment.",
                                   GROUPS,
                                   "  clipsight index ~/Pictures\n"
                                   "  clipsight index --store photos.sqlite --windows holiday/ portraits/\n"
                                   "  clipsight index --store postgresql://me@server/photos /srv/photos\n",
                                   run};

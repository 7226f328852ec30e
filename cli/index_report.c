#include "index_report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "index.h"
#include "interrupt.h"
#include "json_text.h"
#include "say.h"

static const char *const NAMES[INDEX_STATE_COUNT] = {"new", "changed", "moved", "touched", "removed", "broken"};

void index_report_open(index_report *report, const cli_settings *settings) {
    *report = (index_report){.settings = settings, .began = seconds_now()};
    report->status = results_open(&report->results, settings->report);
}

/* Takes over the line. */
static void print(index_report *report, char *line) {
    if (report->results.stream && results_put(&report->results, line) != STATUS_OK) {
        report->status = STATUS_FAILURE;
        results_close(&report->results, 0);
    }
    free(line);
}

/* `,"NAME":"TEXT"`, or nothing for NULL. The caller frees it. */
static char *member(const char *name, const char *text) {
    if (!text) return text_copy("");
    char *value = json_text(text), *whole = text_format(",\"%s\":%s", name, value);
    free(value);
    return whole;
}

void index_report_photo(index_report *report, index_state state, const char *path, const char *from,
                        const char *problem) {
    report->counts[state]++;
    if (report->settings->format != INDEX_JSON) return;
    char *name = json_text(path), *source = member("from", from), *reason = member("problem", problem);
    progress_clear(&report->progress);
    print(report, text_format("{\"image\":%s,\"state\":\"%s\"%s%s}\n", name, NAMES[state], source, reason));
    free(name);
    free(source);
    free(reason);
}

void index_report_failure(index_report *report, const cs_error *error) {
    progress_clear(&report->progress);
    if (error->code != CS_ERR_CANCELLED) complain("%s", error->message);
    report->status = STATUS_FAILURE;
}

void index_report_problem(index_report *report, const char *path, const char *message) {
    report->status = photo_failed(&report->progress, path, message);
}

static void note_known_broken(const index_plan *plan) {
    size_t n = plan->known_broken;
    if (n == 0) return;
    complain("%zu photograph%s could not be read by an earlier run and %s not changed; --retry tries %s again", n,
             n == 1 ? "" : "s", n == 1 ? "has" : "have", n == 1 ? "it" : "them");
}

static void note_empty_folders(const index_plan *plan) {
    size_t count = 0;
    for (size_t i = 0; i < plan->missing_count; i++) {
        const index_missing *missing = &plan->missing[i], *next = &plan->missing[i + 1];
        if (missing->verdict != INDEX_DOUBTFUL) continue;
        count += !missing->is_moved;
        int goes_on = i + 1 < plan->missing_count && next->verdict == INDEX_DOUBTFUL &&
                      strcmp(next->empty_folder, missing->empty_folder) == 0;
        if (goes_on) continue;
        if (count > 0)
            complain("%s: is empty, but the store has %zu photograph%s of it: kept, for a disk may be missing; --prune "
                     "removes %s",
                     missing->empty_folder, count, count == 1 ? "" : "s", count == 1 ? "it" : "them");
        count = 0;
    }
}

/* Photographs a second while there was work to do; else how fast the files were compared. */
static double rate_of(const index_report *report, const index_plan *plan) {
    int worked = plan->todo_count > 0;
    double seconds = worked ? report->working : seconds_now() - report->began;
    return seconds > 0 ? (double)(worked ? report->done : plan->walk.count) / seconds : 0;
}

static void print_summary(index_report *report, const index_plan *plan) {
    const size_t *counts = report->counts;
    size_t photographs = plan->walk.count, broken = counts[INDEX_STATE_BROKEN] + plan->known_broken;
    double rate = rate_of(report, plan);
    char *members = text_copy("");
    for (int i = 0; i < INDEX_STATE_COUNT; i++) {
        char *longer = text_format("%s,\"%s\":%zu", members, NAMES[i], i == INDEX_STATE_BROKEN ? broken : counts[i]);
        free(members);
        members = longer;
    }
    if (report->settings->format == INDEX_JSON)
        print(report, text_format("{\"summary\":{\"photographs\":%zu%s,\"seconds\":%.3f,\"per_second\":%.1f}}\n",
                                  photographs, members, seconds_now() - report->began, rate));
    if (!report->settings->quiet)
        fprintf(stderr, "%zu photograph%s: %zu new, %zu changed, %zu moved, %zu removed, %zu broken; %.1f a second\n",
                photographs, photographs == 1 ? "" : "s", counts[INDEX_STATE_NEW], counts[INDEX_STATE_CHANGED],
                counts[INDEX_STATE_MOVED], counts[INDEX_STATE_REMOVED], broken, rate);
    free(members);
}

void index_report_end(index_report *report, const index_plan *plan) {
    progress_clear(&report->progress);
    if (!report->settings->quiet) note_known_broken(plan);
    if (!report->settings->quiet) note_empty_folders(plan);
    print_summary(report, plan);
}

void index_report_drop(index_report *report) {
    results_close(&report->results, 0);
}

int index_report_close(index_report *report) {
    if (results_close(&report->results, !interrupt_signal()) != STATUS_OK) report->status = STATUS_FAILURE;
    return interrupt_signal() ? 128 + interrupt_signal() : report->status;
}

/* What `clipsight index` says: a line per photograph for programs, a summary, progress. */
#ifndef CLI_INDEX_REPORT_H
#define CLI_INDEX_REPORT_H

#include "index_plan.h"
#include "progress.h"
#include "results.h"
#include "settings.h"

typedef enum index_state {
    INDEX_STATE_NEW,
    INDEX_STATE_CHANGED,
    INDEX_STATE_MOVED,
    INDEX_STATE_TOUCHED, /* another time, the same contents */
    INDEX_STATE_REMOVED,
    INDEX_STATE_BROKEN,
    INDEX_STATE_COUNT
} index_state;

typedef struct index_report {
    const cli_settings *settings;
    cli_results results;
    cli_progress progress;
    size_t counts[INDEX_STATE_COUNT];
    size_t done;           /* photographs that were worked on */
    double began, working; /* seconds: when the run began, and how long it worked on photographs */
    int status;            /* the exit status so far */
} index_report;

void index_report_open(index_report *report, const cli_settings *settings);

/* Counts a photograph of which the store knows now. from: where it was before, else NULL. problem: NULL if none. */
void index_report_photo(index_report *report, index_state state, const char *path, const char *from,
                        const char *problem);

/* Says what is wrong with a photograph, and what went wrong with the run, on standard error; nothing of what was merely
 * cancelled. */
void index_report_problem(index_report *report, const char *path, const char *message);
void index_report_failure(index_report *report, const cs_error *error);

/* The notes and the summary. */
void index_report_end(index_report *report, const index_plan *plan);

/* A run that cannot begin leaves the file of results as it was. */
void index_report_drop(index_report *report);

/* Returns the exit status. */
int index_report_close(index_report *report);

#endif

/* clipsight index: what its parts share. */
#ifndef CLI_INDEX_H
#define CLI_INDEX_H

#include "batch.h"
#include "index_plan.h"
#include "index_report.h"

enum { INDEX_SILENT, INDEX_JSON }; /* --format */

typedef struct index_run {
    const cli_settings *settings;
    cs_model *model;
    cs_store *store;
    cs_store_info info;
    index_plan plan;
    index_report report;
    cli_batch batch;
    size_t taken;        /* photographs, also of what other indexers found */
    double seconds_each; /* that embedding a photograph took in the last batch; 0: nobody knows */
    int is_over;         /* the store cannot be written to */
} index_run;

int index_stopped(const index_run *run);

/* Does what the plan says: reads, embeds and stores, batch by batch. */
void index_work(index_run *run);

/* Embeds photographs as they were read, and stores them together. paths, photos: [n], n at most BATCH_MOST; the
 * images are closed. first: the index of the first of them in `ahead`. */
void index_batch(index_run *run, cli_ahead *ahead, size_t first, const char *const *paths, ahead_photo *photos,
                 size_t n);

#endif

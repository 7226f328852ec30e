/* One run of `clipsight eval`: which photographs take part, and what is known of each. */
#ifndef CLI_EVAL_RUN_H
#define CLI_EVAL_RUN_H

#include "clipsight.h"
#include "session.h"

typedef struct eval_run {
    cs_dataset *dataset;
    size_t photographs;         /* of the dataset */
    unsigned char *is_selected; /* [photographs], by --limit and --shard */
    cs_detections **detections; /* [photographs]; NULL: not known (yet) */
    double *seconds;            /* [photographs], reading and detecting */
    size_t *pending;            /* [session's photographs], their indices in the dataset */
    double last;                /* when the photograph before was done */
} eval_run;

/* --shard: "2/8" is the second of eight parts, photographs 2, 10, 18 and so on. Returns STATUS_OK, or STATUS_USAGE
 * after saying what is wrong. */
int eval_shard_parse(const char *text, size_t *part, size_t *parts);

/* Opens the dataset and selects. Returns STATUS_OK, or STATUS_FAILURE after saying why. */
int eval_run_open(eval_run *run, const cli_settings *settings);
void eval_run_close(eval_run *run);

/* Makes the session's photographs those that are selected and not known yet. */
void eval_run_queue(eval_run *run, cli_session *session);

/* Finds the boxes of all queued photographs; `done` (may be NULL) is told of each. */
typedef cs_status (*eval_done_fn)(void *context, const eval_run *run, size_t photo, cs_error *error);
void eval_run_detect(eval_run *run, cli_session *session, eval_done_fn done, void *context);

#endif

/* --state: the boxes of every finished photograph in a file of JSON lines, so that a run can be taken up again, and
 * parts of one can be done on several machines. */
#ifndef CLI_EVAL_STATE_H
#define CLI_EVAL_STATE_H

#include <jansson.h>
#include <stdio.h>

#include "eval_run.h"

typedef struct eval_state {
    FILE *file; /* the first of the files, where new photographs are added; NULL: no --state */
    const char *path;
} eval_state;

/* Reads the files into run->detections and run->seconds. The first is made where there is none; a torn last line in it
 * is cut off. Each must begin with `identity`. Returns STATUS_OK, or STATUS_FAILURE after saying why. */
int eval_state_open(eval_state *state, const text_list *paths, const json_t *identity, eval_run *run);

/* Adds a photograph to the first file; an eval_done_fn whose context is an eval_state. */
cs_status eval_state_add(void *context, const eval_run *run, size_t photo, cs_error *error);

void eval_state_close(eval_state *state);

#endif

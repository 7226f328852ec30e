/* What must be the same for the boxes of two runs to belong together: the first line of a --state file. */
#ifndef CLI_EVAL_IDENTITY_H
#define CLI_EVAL_IDENTITY_H

#include <jansson.h>

#include "eval_run.h"
#include "options.h"

/* A flat object: the model, the dataset's classes and number of photographs, the prompts, and every option of `groups`
 * that can change a box, by its name with the dashes. The caller calls json_decref(). */
json_t *eval_identity(const cli_session *session, const eval_run *run, const text_list *prompts,
                      const option_group *const *groups);

/* STATUS_OK where both say the same; else STATUS_FAILURE after naming `path` and what differs first. */
int eval_identity_check(const char *path, const json_t *found, const json_t *expected);

#endif

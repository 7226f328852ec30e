/* clipsight eval --search: how well the photographs of a dataset are found by the names of its classes. */
#ifndef CLI_EVAL_SEARCH_H
#define CLI_EVAL_SEARCH_H

#include "eval_run.h"
#include "session.h"

/* STATUS_OK, or wrong usage, reported: options that mean nothing here. */
int eval_search_check(const cli_settings *settings);

/* Ranks the selected photographs for each class, embedding them or, with --store, as the store finds them, and prints
 * the figures. `prompts`: one per class. */
void eval_search(cli_session *session, const eval_run *run, const text_list *prompts);

#endif

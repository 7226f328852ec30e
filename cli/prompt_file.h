/* The words to look for: --prompt and --prompts together. */
#ifndef CLI_PROMPT_FILE_H
#define CLI_PROMPT_FILE_H

#include "settings.h"

/* Appends to `labels` those of --prompt, then the lines of --prompts: empty ones and those that begin with # are left
 * out. Returns STATUS_OK, or STATUS_FAILURE after saying what is wrong. */
int prompts_collect(const cli_settings *settings, text_list *labels);

/* The lines of any file (- is standard input) under the same rule; `option` is named in messages. */
int prompt_lines(const char *option, const char *path, text_list *lines);

#endif

/* Texts from the command line and from files. */
#ifndef CLI_PROMPT_FILE_H
#define CLI_PROMPT_FILE_H

#include "settings.h"

/* Appends to `labels` those of --prompt, then the lines of --prompts, to `texts` those of --text and --texts. Both, and
 * what follows, return STATUS_OK, or STATUS_FAILURE after saying what is wrong. */
int prompts_collect(const cli_settings *settings, text_list *labels);
int texts_collect(const cli_settings *settings, text_list *texts);

/* Appends the lines of a file (- is standard input): empty ones and those that begin with # are left out. `option` is
 * named in messages. */
int prompt_lines(const char *option, const char *path, text_list *lines);

#endif

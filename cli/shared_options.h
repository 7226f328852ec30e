/* Option tables that several subcommands share. */
#ifndef CLI_SHARED_OPTIONS_H
#define CLI_SHARED_OPTIONS_H

#include "clipsight.h"
#include "options.h"

extern const option_group PROMPT_OPTIONS; /* --prompt --prompts --template */
extern const option_group METHOD_OPTIONS; /* --method --variant --recipe --patch --window --stride */
extern const option_group MODEL_OPTIONS;  /* --model --backend --precision --threads --batch */
extern const option_group OTHER_OPTIONS;  /* --max-pixels --report --quiet --help */

/* STATUS_OK, or wrong usage, reported: a --template without a place for `what` ("prompt"). */
int template_check(const char *command, const cli_settings *settings, const char *what);

/* Their values as the library wants them; progress is left out. */
cs_localize_options localize_options(const cli_settings *settings);

#endif

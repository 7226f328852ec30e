/* The subcommands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

extern const cli_command CLASSIFY_COMMAND;
extern const cli_command LOCALIZE_COMMAND;
extern const cli_command DETECT_COMMAND;
extern const cli_command EMBED_COMMAND;
extern const cli_command SEARCH_COMMAND;
extern const cli_command EVAL_COMMAND;
extern const cli_command INDEX_COMMAND;
extern const cli_command BENCH_COMMAND;
extern const cli_command SERVE_COMMAND;

/* "models", whose second word says what to do. */
extern const cli_command MODELS_COMMAND;

/* The command "models ACTION", or NULL. */
const cli_command *models_find(const char *action);

/* Complains of an action that there is not. */
int models_unknown(const char *action);

#endif

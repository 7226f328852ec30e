/* The subcommands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "options.h"

extern const cli_command CLASSIFY_COMMAND;
extern const cli_command LOCALIZE_COMMAND;
extern const cli_command DETECT_COMMAND;
extern const cli_command EVAL_COMMAND;

#endif

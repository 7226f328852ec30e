/* Help texts, from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "options.h"

/* Everything about one subcommand. */
void help_command(FILE *stream, const cli_command *command);

/* What there is. `commands` ends with NULL. */
void help_overview(FILE *stream, const cli_command *const *commands);

#endif

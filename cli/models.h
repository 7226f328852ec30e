/* The actions of `clipsight models`. */
#ifndef CLI_MODELS_H
#define CLI_MODELS_H

#include "options.h"

extern const cli_command MODELS_PULL;
extern const cli_command MODELS_LIST;
extern const cli_command MODELS_INFO;
extern const cli_command MODELS_REMOVE;
extern const cli_command MODELS_CHECK;
extern const cli_command MODELS_CONVERT;

/* --quiet and --help */
extern const option_group MODELS_QUIET_OPTIONS;

/* --help */
extern const option_group MODELS_HELP_OPTIONS;

/* The one operand (`what`: "a model's name") that an action takes. */
int models_check_operands(const cli_command *command, const cli_settings *settings, size_t count, const char *what);

/* "605.2 MB" */
char *models_format_bytes(unsigned long long bytes);

#endif

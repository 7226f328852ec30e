/* The option parser: one table per subcommand says what there is, and the help is printed from the same table. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stddef.h>

#include "settings.h"

typedef enum option_kind {
    OPTION_FLAG,   /* int: 1 when given; takes no value */
    OPTION_HELP,   /* the same, and ends the parsing */
    OPTION_TEXT,   /* const char *, not empty */
    OPTION_TEXTS,  /* text_list, not empty, may be repeated */
    OPTION_WHOLE,  /* long long in [least, most] */
    OPTION_NUMBER, /* double in [least, most], or between them where `open` */
    OPTION_CHOICE  /* int: the value of one of `choices` */
} option_kind;

typedef struct option_choice {
    const char *name; /* NULL ends the list */
    int value;
} option_choice;

typedef struct cli_option {
    const char *name; /* without the dashes; NULL ends the list */
    char letter;      /* 0: none */
    option_kind kind;
    size_t offset;     /* of the field in settings */
    const char *value; /* what stands for the value in the help */
    const char *help;  /* lines, parted by '\n' */
    double least, most;
    int open;
    const option_choice *choices;
} cli_option;

/* The offset of a field of settings, for tables. */
#define FIELD(name) offsetof(cli_settings, name)

typedef struct option_group {
    const char *title;
    const cli_option *options;
} option_group;

typedef struct cli_command {
    const char *name;
    const char *synopsis; /* what follows the name in the usage line */
    const char *summary;  /* one line for the list of commands */
    const char *details;
    const option_group *const *groups; /* ends with NULL */
    const char *examples;
    int (*run)(cli_settings *settings); /* returns the exit status */
} cli_command;

/* Reads the words behind the subcommand's name. Returns STATUS_OK, or STATUS_USAGE after saying what is wrong. */
int options_parse(const cli_command *command, int argc, char **argv, cli_settings *settings);

/* Stores the text as the option's value, under the same rules. */
int options_store(const cli_command *command, const cli_option *option, const char *text, cli_settings *settings);

#endif

#include "help.h"

#include <string.h>

enum { HELP_COLUMN = 28 };

/* The text behind the names, every line of it at the same column. */
static void print_lines(FILE *stream, const char *text, int column) {
    int fits = column + 2 <= HELP_COLUMN;
    fprintf(stream, "%*s", fits ? HELP_COLUMN - column : 0, "");
    if (!fits) fprintf(stream, "\n%*s", HELP_COLUMN, "");
    for (const char *line = text; line;) {
        const char *end = strchr(line, '\n');
        int length = end ? (int)(end - line) : (int)strlen(line);
        fprintf(stream, "%*s%.*s\n", line == text ? 0 : HELP_COLUMN, "", length, line);
        line = end ? end + 1 : NULL;
    }
}

static void print_option(FILE *stream, const cli_option *option) {
    int column = option->letter ? fprintf(stream, "  -%c, ", option->letter) : fprintf(stream, "      ");
    column += fprintf(stream, "--%s", option->name);
    if (option->value) column += fprintf(stream, " %s", option->value);
    print_lines(stream, option->help, column);
}

void help_command(FILE *stream, const cli_command *command) {
    fprintf(stream, "Usage: clipsight %s %s\n\n%s\n", command->name, command->synopsis, command->details);
    for (const option_group *const *group = command->groups; *group; group++) {
        fprintf(stream, "\n%s:\n", (*group)->title);
        for (const cli_option *option = (*group)->options; option->name; option++)
            print_option(stream, option);
    }
    fprintf(stream, "\nExamples:\n%s", command->examples);
}

void help_overview(FILE *stream, const cli_command *const *commands) {
    fprintf(stream, "Usage: clipsight COMMAND ...\n\nFinds things in photographs by their names.\n\nCommands:\n");
    for (; *commands; commands++)
        fprintf(stream, "  %-10s%s\n", (*commands)->name, (*commands)->summary);
    fprintf(stream, "  %-10s%s\n", "help", "print this, or more about a command: clipsight help COMMAND");
    fprintf(stream, "\nOptions:\n"
                    "  -h, --help     print this\n"
                    "      --version  print the version\n"
                    "\nExample:\n  clipsight detect photo.jpg -p \"a cat\" -p \"a dog\" -o found.png\n"
                    "\nExit status: 0 success, 1 something failed, 2 wrong usage, 130 stopped by Ctrl-C.\n");
}

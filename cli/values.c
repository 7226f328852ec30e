/* From the text of an option's value to the field in settings. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "options.h"
#include "say.h"

/* strtod() and strtoll() also take leading space, "inf" and "0x1p3": none of that is meant by anyone. */
static int only_of(const char *text, const char *allowed) {
    return text[0] != '\0' && text[strspn(text, allowed)] == '\0';
}

static int store_number(const cli_command *command, const cli_option *option, const char *text, double *field) {
    char *end = NULL;
    double value = only_of(text, "0123456789+-.eE") ? strtod(text, &end) : NAN;
    int inside =
        option->open ? value > option->least && value < option->most : value >= option->least && value <= option->most;
    if (!end || *end != '\0' || !inside)
        return usage_error(command->name, "--%s: expected a number between %g and %g%s, got '%s'", option->name,
                           option->least, option->most, option->open ? " (exclusive)" : "", text);
    *field = value;
    return STATUS_OK;
}

static int store_whole(const cli_command *command, const cli_option *option, const char *text, long long *field) {
    char *end = NULL;
    errno = 0;
    long long value = only_of(text, "0123456789+-") ? strtoll(text, &end, 10) : 0;
    int inside = errno == 0 && (double)value >= option->least && (double)value <= option->most;
    if (!end || *end != '\0' || !inside)
        return usage_error(command->name, "--%s: expected a whole number between %.0f and %.0f, got '%s'", option->name,
                           option->least, option->most, text);
    *field = value;
    return STATUS_OK;
}

/* "a, b or c" */
static char *list_choices(const option_choice *choices) {
    char *list = text_copy(choices->name);
    for (const option_choice *choice = choices + 1; choice->name; choice++) {
        char *longer = text_format("%s%s%s", list, choice[1].name ? ", " : " or ", choice->name);
        free(list);
        list = longer;
    }
    return list;
}

static int store_choice(const cli_command *command, const cli_option *option, const char *text, int *field) {
    for (const option_choice *choice = option->choices; choice->name; choice++) {
        if (strcmp(choice->name, text) != 0) continue;
        *field = choice->value;
        return STATUS_OK;
    }
    char *list = list_choices(option->choices);
    int status = usage_error(command->name, "--%s: expected %s, got '%s'", option->name, list, text);
    free(list);
    return status;
}

int options_store(const cli_command *command, const cli_option *option, const char *text, cli_settings *settings) {
    void *field = (char *)settings + option->offset;
    int is_text = option->kind == OPTION_TEXT || option->kind == OPTION_TEXTS;
    if (is_text && text[0] == '\0')
        return usage_error(command->name, "--%s: expected %s, got an empty text", option->name, option->value);
    switch (option->kind) {
    case OPTION_FLAG:
    case OPTION_HELP:
        *(int *)field = 1;
        return STATUS_OK;
    case OPTION_TEXT:
        *(const char **)field = text;
        return STATUS_OK;
    case OPTION_TEXTS:
        text_list_add(field, text_copy(text));
        return STATUS_OK;
    case OPTION_WHOLE:
        return store_whole(command, option, text, field);
    case OPTION_NUMBER:
        return store_number(command, option, text, field);
    case OPTION_CHOICE:
        return store_choice(command, option, text, field);
    }
    return STATUS_USAGE;
}

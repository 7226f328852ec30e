#include "options.h"

#include <stdio.h>
#include <string.h>

#include "nearest.h"
#include "say.h"

typedef struct cli_parser {
    const cli_command *command;
    int argc, next;
    char **argv;
    cli_settings *settings;
} cli_parser;

/* The option of this name (length bytes of it), or with this letter where name is NULL. */
static const cli_option *find_option(const cli_command *command, const char *name, size_t length, char letter) {
    for (const option_group *const *group = command->groups; *group; group++) {
        for (const cli_option *option = (*group)->options; option->name; option++) {
            if (!name && option->letter == letter) return option;
            if (name && strlen(option->name) == length && memcmp(option->name, name, length) == 0) return option;
        }
    }
    return NULL;
}

static int unknown_long(const cli_command *command, const char *name, size_t length) {
    cli_nearest near = nearest_to(name, length);
    for (const option_group *const *group = command->groups; *group; group++) {
        for (const cli_option *option = (*group)->options; option->name; option++)
            nearest_offer(&near, option->name);
    }
    if (!near.best) return usage_error(command->name, "--%.*s: unknown option", (int)length, name);
    return usage_error(command->name, "--%.*s: unknown option; did you mean --%s?", (int)length, name, near.best);
}

static int is_switch(const cli_option *option) {
    return option->kind == OPTION_FLAG || option->kind == OPTION_HELP;
}

/* Takes the value from behind the name, or else from the next word. */
static int take_value(cli_parser *parser, const cli_option *option, const char *attached) {
    const char *name = parser->command->name;
    if (is_switch(option)) {
        if (attached) return usage_error(name, "--%s: takes no value, got '%s'", option->name, attached);
        return options_store(parser->command, option, NULL, parser->settings);
    }
    if (!attached && parser->next == parser->argc)
        return usage_error(name, "--%s: expected a value (%s) behind it", option->name, option->value);
    const char *text = attached ? attached : parser->argv[parser->next++];
    return options_store(parser->command, option, text, parser->settings);
}

static int take_long(cli_parser *parser, const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const cli_option *option = find_option(parser->command, word, length, 0);
    if (!option) return unknown_long(parser->command, word, length);
    return take_value(parser, option, equals ? equals + 1 : NULL);
}

/* "-p TEXT", "-pTEXT", and "-h". */
static int take_short(cli_parser *parser, const char *letters) {
    const cli_option *option = find_option(parser->command, NULL, 0, letters[0]);
    if (!option) return usage_error(parser->command->name, "-%c: unknown option", letters[0]);
    return take_value(parser, option, letters[1] ? letters + 1 : NULL);
}

int options_parse(const cli_command *command, int argc, char **argv, cli_settings *settings) {
    cli_parser parser = {command, argc, 0, argv, settings};
    int only_operands = 0, status = STATUS_OK;
    while (parser.next < argc && status == STATUS_OK && !settings->help) {
        const char *word = argv[parser.next++];
        if (only_operands || word[0] != '-' || word[1] == '\0') {
            text_list_add(&settings->operands, text_copy(word));
        } else if (strcmp(word, "--") == 0) {
            only_operands = 1;
        } else if (word[1] == '-') {
            status = take_long(&parser, word + 2);
        } else {
            status = take_short(&parser, word + 1);
        }
    }
    return status;
}

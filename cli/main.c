/* clipsight: the command. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clipsight.h"
#include "commands.h"
#include "help.h"
#include "interrupt.h"
#include "nearest.h"
#include "results.h"
#include "say.h"

static const cli_command *const COMMANDS[] = {&CLASSIFY_COMMAND,
                                              &LOCALIZE_COMMAND,
                                              &DETECT_COMMAND,
                                              &EMBED_COMMAND,
                                              &INDEX_COMMAND,
                                              &SEARCH_COMMAND,
                                              &EVAL_COMMAND,
                                              &SERVE_COMMAND,
                                              &BENCH_COMMAND,
                                              &MODELS_COMMAND,
                                              NULL};

/* Where stdout was closed, the next file opened would take its place and be filled with results. A descriptor that
 * cannot be written to takes it instead, so that writing results fails. */
static void fill_standard_descriptors(void) {
    for (int descriptor = open("/dev/null", O_RDONLY); descriptor >= 0; descriptor = open("/dev/null", O_RDONLY)) {
        if (descriptor <= STDERR_FILENO) continue;
        close(descriptor);
        return;
    }
}

static const cli_command *find_command(const char *name) {
    for (const cli_command *const *each = COMMANDS; *each; each++) {
        if (strcmp((*each)->name, name) == 0) return *each;
    }
    return NULL;
}

static int unknown_command(const char *name) {
    cli_nearest near = nearest_to(name, strlen(name));
    for (const cli_command *const *each = COMMANDS; *each; each++)
        nearest_offer(&near, (*each)->name);
    nearest_offer(&near, "help");
    const char *kind = name[0] == '-' ? "option" : "command";
    if (!near.best) return usage_error(NULL, "%s: unknown %s", name, kind);
    return usage_error(NULL, "%s: unknown %s; did you mean %s?", name, kind, near.best);
}

/* A command of two words ("models pull") stands for its own; NULL where the second word is none. */
static const cli_command *find_two_words(const char *first, const char *second) {
    const cli_command *command = find_command(first);
    if (command != &MODELS_COMMAND || !second || second[0] == '-') return command;
    return models_find(second);
}

/* Help and the version are results, too: a full disk must not go unnoticed. */
static int finish_stdout(void) {
    cli_results results;
    int status = results_open(&results, NULL);
    return status == STATUS_OK ? results_put(&results, "") : status;
}

static int print_help_of(const cli_command *command) {
    help_command(stdout, command);
    return finish_stdout();
}

static int print_help(const char *name, const char *second) {
    const cli_command *command = name ? find_two_words(name, second) : NULL;
    if (name && !command && find_command(name)) return models_unknown(second);
    if (name && !command && strcmp(name, "help") != 0) return unknown_command(name);
    if (command) return print_help_of(command);
    help_overview(stdout, COMMANDS);
    return finish_stdout();
}

static int run_command(const cli_command *command, int argc, char **argv) {
    cli_settings settings = SETTINGS_DEFAULT;
    int status = options_parse(command, argc, argv, &settings);
    if (status == STATUS_OK) status = settings.help ? print_help_of(command) : command->run(&settings);
    text_list_free(&settings.operands);
    text_list_free(&settings.prompts);
    text_list_free(&settings.negatives);
    text_list_free(&settings.states);
    text_list_free(&settings.models);
    text_list_free(&settings.texts);
    text_list_free(&settings.search.without);
    text_list_free(&settings.search.examples);
    text_list_free(&settings.serve.origins);
    text_list_free(&settings.serve.names);
    return status;
}

static int print_version(void) {
    printf("clipsight %s\n", cs_version());
    return finish_stdout();
}

int main(int argc, char **argv) {
    fill_standard_descriptors();
    interrupt_install();
    if (argc < 2) {
        help_overview(stderr, COMMANDS);
        return STATUS_USAGE;
    }
    const char *name = argv[1];
    if (strcmp(name, "--version") == 0) return print_version();
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) return print_help(NULL, NULL);
    if (strcmp(name, "help") == 0) return print_help(argc > 2 ? argv[2] : NULL, argc > 3 ? argv[3] : NULL);
    const cli_command *first = find_command(name), *command = find_two_words(name, argc > 2 ? argv[2] : NULL);
    if (!first) return unknown_command(name);
    if (!command) return models_unknown(argv[2]);
    int words = command == first ? 2 : 3;
    return run_command(command, argc - words, argv + words);
}

/* clipsight models: fetching models and looking after them. */
#include "models.h"

#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "help.h"
#include "nearest.h"
#include "say.h"

static const cli_command *const ACTIONS[] = {&MODELS_PULL,  &MODELS_LIST,    &MODELS_INFO, &MODELS_REMOVE,
                                             &MODELS_CHECK, &MODELS_CONVERT, NULL};

static const size_t PREFIX_LENGTH = sizeof "models " - 1;

const cli_command *models_find(const char *action) {
    for (const cli_command *const *each = ACTIONS; *each; each++) {
        if (strcmp((*each)->name + PREFIX_LENGTH, action) == 0) return *each;
    }
    return NULL;
}

int models_unknown(const char *action) {
    cli_nearest near = nearest_to(action, strlen(action));
    for (const cli_command *const *each = ACTIONS; *each; each++)
        nearest_offer(&near, (*each)->name + PREFIX_LENGTH);
    if (!near.best) return usage_error("models", "%s: unknown action", action);
    return usage_error("models", "%s: unknown action; did you mean %s?", action, near.best);
}

static const cli_option QUIET[] = {
    {"quiet", 'q', OPTION_FLAG, FIELD(quiet), NULL, "no progress and no notes", 0, 0, 0, NULL},
    {"help", 'h', OPTION_HELP, FIELD(help), NULL, "print this", 0, 0, 0, NULL},
    {0}};
static const cli_option HELP[] = {{"help", 'h', OPTION_HELP, FIELD(help), NULL, "print this", 0, 0, 0, NULL}, {0}};

const option_group MODELS_QUIET_OPTIONS = {"Other", QUIET};
const option_group MODELS_HELP_OPTIONS = {"Other", HELP};

int models_check_operands(const cli_command *command, const cli_settings *settings, size_t count, const char *what) {
    if (settings->operands.count == count) return STATUS_OK;
    return usage_error(command->name, "expected %s, got %zu words", what, settings->operands.count);
}

char *models_format_bytes(unsigned long long bytes) {
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double size = (double)bytes / 1000;
    size_t unit = 0;
    if (bytes < 1000) return text_format("%llu B", bytes);
    for (; size >= 999.95 && unit < 3; unit++)
        size /= 1000;
    return text_format("%.1f %s", size, units[unit]);
}

static int run(cli_settings *settings) {
    (void)settings;
    return usage_error("models", "expected pull, list, info, remove, check or convert");
}

static const option_group *const GROUPS[] = {&MODELS_HELP_OPTIONS, NULL};

const cli_command MODELS_COMMAND = {"models",
                                    "pull|list|info|remove|check|convert ...",
                                    "fetch CLIP checkpoints, and look after them",
                                    "  models pull NAME              fetch a model (owner/name) into the cache\n"
                                    "  models list                   what is there\n"
                                    "  models info NAME              what a model is, and what it needs\n"
                                    "  models remove NAME            delete one from the cache\n"
                                    "  models check NAME             compare it with known results\n"
                                    "  models convert SOURCE TARGET  write a checkpoint as safetensors\n\n"
                                    "Once it is there, a model goes by its name everywhere: -m owner/name.",
                                    GROUPS,
                                    "  clipsight models pull openai/clip-vit-base-patch32\n"
                                    "  clipsight detect pet.jpg -p \"a cat\" -m openai/clip-vit-base-patch32\n"
                                    "  clipsight help models pull\n",
                                    run};

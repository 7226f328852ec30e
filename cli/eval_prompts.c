#include "eval_prompts.h"

#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "prompt_file.h"
#include "say.h"

static int unknown_class(const cs_dataset *dataset, const char *path, const char *name) {
    cli_nearest near = nearest_to(name, strlen(name));
    for (size_t i = 0; i < cs_dataset_class_count(dataset); i++)
        nearest_offer(&near, cs_dataset_class(dataset, i));
    if (near.best)
        complain("--class-prompts: %s: the dataset has no class '%s'; did you mean '%s'?", path, name, near.best);
    else
        complain("--class-prompts: %s: the dataset has no class '%s', but %zu others, such as '%s'", path, name,
                 cs_dataset_class_count(dataset), cs_dataset_class(dataset, 0));
    return STATUS_FAILURE;
}

static size_t class_of(const cs_dataset *dataset, const char *name) {
    size_t count = cs_dataset_class_count(dataset), i = 0;
    while (i < count && strcmp(cs_dataset_class(dataset, i), name) != 0)
        i++;
    return i;
}

static void trim_end(char *text) {
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t", text[length - 1]))
        length--;
    text[length] = '\0';
}

/* Splits "class = prompt" in place, at the first "=". The line is trimmed already. */
static int apply_line(const cs_dataset *dataset, const char *path, char *line, text_list *prompts) {
    char *equals = strchr(line, '=');
    if (equals) *equals = '\0';
    trim_end(line);
    const char *prompt = equals ? equals + 1 + strspn(equals + 1, " \t") : "";
    if (line[0] == '\0' || prompt[0] == '\0') {
        complain("--class-prompts: %s: expected lines 'class = prompt', found '%s%s'", path, line, equals ? " =" : "");
        return STATUS_FAILURE;
    }
    size_t index = class_of(dataset, line);
    if (index == cs_dataset_class_count(dataset)) return unknown_class(dataset, path, line);
    if (prompts->items[index]) {
        complain("--class-prompts: %s: a second prompt for the class '%s'", path, line);
        return STATUS_FAILURE;
    }
    prompts->items[index] = text_copy(prompt);
    return STATUS_OK;
}

static int apply_file(const cs_dataset *dataset, const char *path, text_list *prompts) {
    text_list lines = {NULL, 0, 0};
    int status = prompt_lines("--class-prompts", path, &lines);
    for (size_t i = 0; i < lines.count && status == STATUS_OK; i++)
        status = apply_line(dataset, path, lines.items[i], prompts);
    text_list_free(&lines);
    return status;
}

int eval_prompts(const cs_dataset *dataset, const char *path, text_list *prompts) {
    size_t count = cs_dataset_class_count(dataset);
    for (size_t i = 0; i < count; i++)
        text_list_add(prompts, NULL);
    int status = path ? apply_file(dataset, path, prompts) : STATUS_OK;
    for (size_t i = 0; i < count; i++)
        if (!prompts->items[i]) prompts->items[i] = text_copy(cs_dataset_class(dataset, i));
    return status;
}

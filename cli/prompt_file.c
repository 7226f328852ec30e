#include "prompt_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interrupt.h"
#include "say.h"

static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";

/* Cuts white space (a CR too) from the end and steps over that at the start. */
static char *trim(char *line) {
    line += strspn(line, " \t");
    size_t length = strlen(line);
    while (length > 0 && strchr(" \t\r\n", line[length - 1]))
        length--;
    line[length] = '\0';
    return line;
}

static int read_lines(FILE *file, const char *name, text_list *labels) {
    char *line = NULL;
    size_t capacity = 0, number = 0;
    int status = STATUS_OK;
    for (ssize_t length; status == STATUS_OK && (length = getline(&line, &capacity, file)) >= 0;) {
        number++;
        if (strlen(line) != (size_t)length) {
            complain("%s:%zu: expected text, found a zero byte", name, number);
            status = STATUS_FAILURE;
            break;
        }
        int marked = number == 1 && strncmp(line, BYTE_ORDER_MARK, 3) == 0;
        const char *label = trim(marked ? line + 3 : line);
        if (label[0] != '\0' && label[0] != '#') text_list_add(labels, text_copy(label));
    }
    if (ferror(file) && !interrupt_signal()) {
        complain("%s: cannot read: %s", name, strerror(errno));
        status = STATUS_FAILURE;
    }
    free(line);
    return status;
}

int prompt_lines(const char *option, const char *path, text_list *lines) {
    if (strcmp(path, "-") == 0) return read_lines(stdin, "standard input", lines);
    FILE *file = fopen(path, "re");
    if (!file) {
        complain("%s: %s: cannot open: %s", option, path, strerror(errno));
        return STATUS_FAILURE;
    }
    int status = read_lines(file, path, lines);
    fclose(file);
    return status;
}

/* Those given one by one, then those of the option "--WHAT FILE", which has to have one where there are none before. */
static int collect(const text_list *given, const char *option, const char *path, text_list *all) {
    const char *what = option + strlen("--");
    for (size_t i = 0; i < given->count; i++)
        text_list_add(all, text_copy(given->items[i]));
    if (!path) return STATUS_OK;
    int status = prompt_lines(option, path, all);
    if (status == STATUS_OK && all->count == 0 && !interrupt_signal()) {
        complain("%s: %s: no %s in it: expected one a line", option, path, what);
        status = STATUS_FAILURE;
    }
    return status;
}

int prompts_collect(const cli_settings *settings, text_list *labels) {
    return collect(&settings->prompts, "--prompts", settings->prompts_file, labels);
}

int texts_collect(const cli_settings *settings, text_list *texts) {
    return collect(&settings->texts, "--texts", settings->texts_file, texts);
}

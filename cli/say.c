#include "say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message has names in it that come from anywhere. Nothing but "out of memory" is printed where memory is short. */
static void say(const char *format, va_list arguments) {
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0) text = NULL;
    char *visible = text ? cs_text_visible(text) : NULL;
    fputs(visible ? visible : "out of memory", stderr);
    cs_string_free(visible);
    free(text);
}

void complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("clipsight: ", stderr);
    say(format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

void complain_of(const char *path, const char *message) {
    complain("%s: %s", path, message_behind(path, message));
}

const char *message_behind(const char *path, const char *message) {
    size_t length = strlen(path);
    int is_named = strncmp(message, path, length) == 0 && strncmp(message + length, ": ", 2) == 0;
    return is_named ? message + length + 2 : message;
}

int usage_error(const char *command, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "clipsight%s%s: ", command ? " " : "", command ? command : "");
    say(format, arguments);
    fprintf(stderr, "\nTry 'clipsight%s%s --help'.\n", command ? " " : "", command ? command : "");
    va_end(arguments);
    return STATUS_USAGE;
}

cs_status set_error(cs_error *error, cs_status code, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    return code;
}

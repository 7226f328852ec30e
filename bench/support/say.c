#include "support/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void stop(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

void check(cs_status status, const cs_error *error) {
    if (status != CS_OK) stop("%s", error->message);
}

int number_of(const char *option, const char *value, int most) {
    char *end;
    long number = strtol(value, &end, 10);
    if (end == value || *end || number < 1 || number > most)
        stop("%s: expected a number from 1 to %d, got \"%s\"", option, most, value);
    return (int)number;
}

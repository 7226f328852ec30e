#ifndef BENCH_SUPPORT_SAY_H
#define BENCH_SUPPORT_SAY_H

#include "clipsight.h"

/* Prints the sentence on standard error and ends the program with status 1. */
_Noreturn void stop(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same with the library's message, unless status is CS_OK. */
void check(cs_status status, const cs_error *error);

/* A number from 1 to `most` out of a command line's value; stops the program where it is none. */
int number_of(const char *option, const char *value, int most);

#endif

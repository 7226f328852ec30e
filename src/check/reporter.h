/* Lines of a check, handed to the caller one by one. */
#ifndef CS_CHECK_REPORTER_H
#define CS_CHECK_REPORTER_H

#include "check/goldens.h"
#include "clipsight_tools.h"

typedef struct cs_reporter {
    cs_check_fn report;
    void *context;
    size_t failed;
} cs_reporter;

/* Compares two numbers; the rest says what they are. NaN passes nothing. */
void cs_reporter_line(cs_reporter *reporter, double expected, double got, double tolerance, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Says that this golden's picture was not given. */
void cs_reporter_skip(cs_reporter *reporter, const cs_golden *golden);

#endif

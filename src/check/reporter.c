#include "check/reporter.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

enum { TEXT_SIZE = 512 };

void cs_reporter_line(cs_reporter *reporter, double expected, double got, double tolerance, const char *format, ...) {
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    int passed = fabs(got - expected) <= tolerance;
    cs_check_line line = {text, expected, got, tolerance, passed, 0};
    reporter->failed += !passed;
    reporter->report(reporter->context, &line);
}

void cs_reporter_skip(cs_reporter *reporter, const cs_golden *golden) {
    static const char *const kinds[] = {"logits", "probabilities", "map"};
    char text[TEXT_SIZE];
    snprintf(text, sizeof text, "%s of \"%s\"%s (%s)", kinds[golden->kind], golden->prompts[0],
             golden->count > 1 ? ", ..." : "", golden->picture);
    cs_check_line line = {text, 0, 0, golden->tolerance, 0, 1};
    reporter->report(reporter->context, &line);
}

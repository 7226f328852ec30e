#include "report/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Appends a printed number with whatever the locale put for the decimal point (some use several bytes) as ".". */
static void append_printed(cs_strbuf *text, const char *printed) {
    while (*printed) {
        size_t plain = strspn(printed, "0123456789+-einfa");
        cs_strbuf_append(text, printed, plain);
        printed += plain;
        size_t point = strcspn(printed, "0123456789+-einfa");
        if (point) cs_strbuf_puts(text, ".");
        printed += point;
    }
}

void cs_number_fixed(cs_strbuf *text, double value, int decimals) {
    char printed[400]; /* the largest double has 309 digits before the point */
    snprintf(printed, sizeof printed, "%.*f", decimals, value + 0.0);
    append_printed(text, printed);
}

void cs_number_exact(cs_strbuf *text, double value) {
    char printed[64];
    snprintf(printed, sizeof printed, "%.9g", value);
    append_printed(text, printed);
}

double cs_number_shortest(float value) {
    for (int digits = 6; digits < 9; digits++) {
        char printed[64];
        snprintf(printed, sizeof printed, "%.*g", digits, (double)value);
        double read = strtod(printed, NULL);
        if ((float)read == value) return read;
    }
    return (double)value;
}

double cs_number_pixels(double value) {
    return round(value * 100) / 100 + 0.0;
}

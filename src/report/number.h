/* Numbers as text. printf follows the program's locale (a decimal comma in many); files must not. */
#ifndef CS_REPORT_NUMBER_H
#define CS_REPORT_NUMBER_H

#include "base/strbuf.h"

/* Appends `value` with `decimals` digits behind the point. */
void cs_number_fixed(cs_strbuf *text, double value, int decimals);

/* Appends `value` with up to nine significant digits: enough to read the same float back. */
void cs_number_exact(cs_strbuf *text, double value);

/* The double whose shortest decimal form still reads back as `value`: 0.87 rather than 0.870000005. */
double cs_number_shortest(float value);

/* Pixels rounded to hundredths, never minus zero. */
double cs_number_pixels(double value);

#endif

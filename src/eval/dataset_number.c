#include "eval/dataset_number.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int cs_dataset_number(const char *text, double *value) {
    /* strtod also takes white space, hexadecimal, "inf" and "nan". */
    if (!*text || text[strspn(text, "0123456789+-.eE")]) return 0;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain) return 0;
    char *end;
    double number = strtod_l(text, &end, plain);
    freelocale(plain);
    if (*end || end == text || !(fabs(number) <= CS_DATASET_NUMBER_LIMIT)) return 0;
    *value = number;
    return 1;
}

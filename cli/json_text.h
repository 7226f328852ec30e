/* Texts in JSON. */
#ifndef CLI_JSON_TEXT_H
#define CLI_JSON_TEXT_H

#include <stdio.h>

/* The text in quotes, with U+FFFD for every byte that is no UTF-8. The caller frees it. */
char *json_text(const char *text);

/* The same, written. */
void json_put(FILE *out, const char *text);

#endif

/* Labels and file names made safe to print. They come from users and file systems, so they may hold anything. */
#ifndef CS_REPORT_TEXT_H
#define CS_REPORT_TEXT_H

#include "base/strbuf.h"
#include "clipsight.h" /* cs_text_visible() */

/* Code point that stands for a byte that is no UTF-8. */
#define CS_TEXT_REPLACEMENT 0xFFFD

/* Steps over one code point and returns it, or CS_TEXT_REPLACEMENT for a single byte that is no UTF-8.
 * Not to be called at the end of the string. */
int32_t cs_text_next(const char **text);

/* Appends a code point as UTF-8. */
void cs_text_append(cs_strbuf *text, int32_t code_point);

/* A copy with U+FFFD for every bad byte; free() it. NULL where memory is short. */
char *cs_text_clean(const char *text);

/* Terminal columns that clean text takes. */
size_t cs_text_columns(const char *text);

/* Bytes of the longest start of clean text that takes at most `columns` and does not split a character as people see
 * it (a letter with its accents, a flag, a family). */
size_t cs_text_prefix(const char *text, size_t columns);

#endif

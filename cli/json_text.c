#include "json_text.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

/* Length of the character that begins here; 0 where it is no UTF-8. Overlong forms, surrogates and what lies above
 * U+10FFFF are none: the second byte tells. */
static size_t character_length(const unsigned char *at) {
    unsigned char first = at[0], least = 0x80, most = 0xBF;
    size_t length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (first == 0xE0) least = 0xA0;
    if (first == 0xED) most = 0x9F;
    if (first == 0xF0) least = 0x90;
    if (first == 0xF4) most = 0x8F;
    if (length > 1 && (at[1] < least || at[1] > most)) return 0;
    for (size_t i = 2; i < length; i++)
        if (at[i] < 0x80 || at[i] > 0xBF) return 0;
    return length;
}

/* Writes one character's JSON, at most six bytes; returns how many. */
static size_t write_character(const unsigned char *at, size_t length, char *out) {
    if (length == 0) return (size_t)sprintf(out, "\xEF\xBF\xBD");
    if (at[0] < 0x20) return (size_t)sprintf(out, "\\u%04x", (unsigned)at[0]);
    if (at[0] == '"' || at[0] == '\\') return (size_t)sprintf(out, "\\%c", at[0]);
    memcpy(out, at, length);
    return length;
}

char *json_text(const char *text) {
    char *out = memory_grow(NULL, strlen(text) + 1, 6), *end = out;
    *end++ = '"';
    for (const unsigned char *at = (const unsigned char *)text; *at;) {
        size_t length = character_length(at);
        end += write_character(at, length, end);
        at += length > 0 ? length : 1;
    }
    *end++ = '"';
    *end = '\0';
    return out;
}

void json_put(FILE *out, const char *text) {
    char *quoted = json_text(text);
    fputs(quoted, out);
    free(quoted);
}

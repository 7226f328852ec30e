/* What the tokenizer needs to know of Unicode, as Hugging Face `tokenizers` 0.23 sees it. That program mixes three
 * versions: letters and numbers of Unicode 16, lower case of 17, composition of 9. utf8proc gives what all versions
 * agree on; tables in newer_unicode.c settle the rest, so that the ids do not depend on the installed utf8proc. */
#ifndef CS_TEXT_UNICODE_H
#define CS_TEXT_UNICODE_H

#include "clipsight.h"

typedef enum cs_char_class { CS_CHAR_SPACE, CS_CHAR_LETTER, CS_CHAR_NUMBER, CS_CHAR_OTHER } cs_char_class;

/* \s, \p{L}, \p{N} or none of them. */
cs_char_class cs_char_classify(int32_t code);

/* Lower case of one code point without its context (no final sigma); returns how many code points it gives: 1 or 2. */
size_t cs_char_lower(int32_t code, int32_t lower[2]);

/* True for a code point that takes part in NFC in newer versions of Unicode only. */
int cs_char_stands_alone(int32_t code);

/* Reads one code point of valid UTF-8; returns its length in bytes (0 at the end). */
size_t cs_utf8_read(const char *text, size_t length, int32_t *code);

/* Fails with the byte offset of the first invalid sequence; `name` stands for the text in the message. */
cs_status cs_utf8_check(const char *text, size_t length, const char *name, cs_error *error);

#endif

/* Whether bytes are text. */
#ifndef SERVER_UTF8_H
#define SERVER_UTF8_H

#include <stddef.h>

/* True for UTF-8 as RFC 3629 has it: no surrogates, nothing longer than need be, nothing above U+10FFFF. */
int utf8_is_valid(const char *bytes, size_t size);

#endif

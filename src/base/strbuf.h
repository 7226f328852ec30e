/* A growing string. Errors stick: after a failed append all further ones do nothing, and cs_strbuf_take() says so. */
#ifndef CS_BASE_STRBUF_H
#define CS_BASE_STRBUF_H

#include "clipsight.h"

typedef struct cs_strbuf {
    char *data; /* NUL-terminated once anything was appended */
    size_t length, capacity;
    int failed;
} cs_strbuf;

#define CS_STRBUF_EMPTY                                                                                                \
    { NULL, 0, 0, 0 }

void cs_strbuf_append(cs_strbuf *buffer, const char *bytes, size_t length);
void cs_strbuf_puts(cs_strbuf *buffer, const char *string);
void cs_strbuf_printf(cs_strbuf *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Hands the string over (never NULL on success, "" where nothing was appended) and empties the buffer. */
cs_status cs_strbuf_take(cs_strbuf *buffer, char **string, cs_error *error);
void cs_strbuf_free(cs_strbuf *buffer);

#endif

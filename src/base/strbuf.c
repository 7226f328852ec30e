#include "base/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* Makes room for `extra` bytes and the final NUL. */
static int reserve(cs_strbuf *buffer, size_t extra) {
    if (buffer->failed) return 0;
    if (extra < buffer->capacity - buffer->length) return 1;
    size_t capacity = buffer->capacity ? buffer->capacity : 64;
    while (capacity - buffer->length <= extra) {
        if (capacity > SIZE_MAX / 2) {
            buffer->failed = 1;
            return 0;
        }
        capacity *= 2;
    }
    char *data = cs_realloc(buffer->data, capacity, 1);
    if (!data) {
        buffer->failed = 1;
        return 0;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return 1;
}

void cs_strbuf_append(cs_strbuf *buffer, const char *bytes, size_t length) {
    if (!reserve(buffer, length)) return;
    memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void cs_strbuf_puts(cs_strbuf *buffer, const char *string) {
    cs_strbuf_append(buffer, string, strlen(string));
}

void cs_strbuf_printf(cs_strbuf *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int needed = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (needed < 0) {
        buffer->failed = 1;
        return;
    }
    if (!reserve(buffer, (size_t)needed)) return;
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)needed + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)needed;
}

cs_status cs_strbuf_take(cs_strbuf *buffer, char **string, cs_error *error) {
    cs_strbuf_puts(buffer, "");
    if (buffer->failed) {
        cs_strbuf_free(buffer);
        return cs_fail_memory(error, "text");
    }
    *string = buffer->data;
    *buffer = (cs_strbuf)CS_STRBUF_EMPTY;
    return CS_OK;
}

void cs_strbuf_free(cs_strbuf *buffer) {
    free(buffer->data);
    *buffer = (cs_strbuf)CS_STRBUF_EMPTY;
}

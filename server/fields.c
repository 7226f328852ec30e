#include "fields.h"

#include <stdlib.h>
#include <string.h>

fields_status fields_add(field_list *list, web_field added) {
    if (list->count == MAX_FIELDS) return FIELDS_TOO_MANY;
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 16;
        web_field *grown = realloc(list->items, capacity * sizeof *grown);
        if (!grown) return FIELDS_NO_MEMORY;
        list->items = grown;
        list->capacity = capacity;
    }
    list->items[list->count++] = added;
    return FIELDS_OK;
}

void fields_free(field_list *list) {
    free(list->items);
    *list = (field_list){NULL, 0, 0};
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Decodes [begin, end) in place and ends it with a zero byte; returns the length, or -1 for a broken escape. */
static ptrdiff_t decode(char *begin, const char *end) {
    char *out = begin;
    for (const char *at = begin; at < end; at++) {
        if (*at != '%') {
            *out++ = *at == '+' ? ' ' : *at;
            continue;
        }
        if (end - at < 3 || hex_digit(at[1]) < 0 || hex_digit(at[2]) < 0) return -1;
        *out++ = (char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
        at += 2;
    }
    *out = '\0';
    return out - begin;
}

/* One "name=value"; the byte at `end` may be overwritten. */
static fields_status parse_pair(field_list *list, char *begin, char *end, int of_query) {
    char *equals = memchr(begin, '=', (size_t)(end - begin));
    if (begin == end) return FIELDS_OK;
    if (!equals) return FIELDS_MALFORMED;
    ptrdiff_t name_length = decode(begin, equals), size = decode(equals + 1, end);
    if (name_length < 0 || size < 0 || strlen(begin) != (size_t)name_length) return FIELDS_MALFORMED;
    return fields_add(list, (web_field){begin, equals + 1, (size_t)size, NULL, of_query});
}

fields_status fields_parse_urlencoded(field_list *list, char *text, size_t size, int of_query) {
    fields_status status = FIELDS_OK;
    for (char *begin = text, *end = text + size; begin < end && status == FIELDS_OK;) {
        char *stop = memchr(begin, '&', (size_t)(end - begin));
        if (!stop) stop = end;
        status = parse_pair(list, begin, stop, of_query);
        begin = stop + 1;
    }
    return status;
}

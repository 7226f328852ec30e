/* multipart/form-data as browsers and curl write it: RFC 7578, RFC 2046 section 5.1. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "fields.h"

enum { MAX_BOUNDARY = 70 };

typedef struct multipart {
    field_list *list;
    char *at, *end;
    char delimiter[4 + MAX_BOUNDARY + 1]; /* CR LF, two dashes, the boundary */
    size_t length;
} multipart;

static char *find(char *at, const char *end, const char *what, size_t length) {
    return memmem(at, (size_t)(end - at), what, length);
}

/* Ends a quoted text in place, and returns what is behind it; NULL where it has no end. Browsers and curl write %22 for
 * a quotation mark in it, older programs put a backslash before it; nothing else is escaped. */
static char *end_quoted(char *text) {
    char *out = text;
    for (char *at = text; *at; at++) {
        if (*at == '"') {
            *out = '\0';
            return at + 1;
        }
        int is_mark = strncmp(at, "%22", 3) == 0, is_escaped = at[0] == '\\' && at[1] == '"';
        *out++ = is_mark || is_escaped ? '"' : *at;
        at += is_mark ? 2 : is_escaped ? 1 : 0;
    }
    return NULL;
}

/* One "; name=value", quoted or not. Returns what is behind it, or NULL where it is malformed. */
static char *take_parameter(char *at, web_field *field) {
    at += 1 + strspn(at + 1, " \t");
    char *equals = at + strcspn(at, "=;\"");
    if (*equals != '=') return NULL;
    size_t length = (size_t)(equals - at);
    char *value = equals + 1, *rest;
    if (*value == '"') {
        rest = end_quoted(++value);
    } else {
        rest = value + strcspn(value, "; \t");
        if (rest[0] == ';') return NULL; /* no room for its end; nobody writes names without quotes */
    }
    if (!rest) return NULL;
    if (length == 4 && strncasecmp(at, "name", 4) == 0) field->name = value;
    if (length == 8 && strncasecmp(at, "filename", 8) == 0) field->file_name = value;
    return rest;
}

/* Content-Disposition's value: form-data; name="prompt" */
static int parse_disposition(char *value, web_field *field) {
    value += strspn(value, " \t");
    if (strncasecmp(value, "form-data", 9) != 0) return 0;
    for (char *at = value + 9; at;) {
        at += strspn(at, " \t");
        if (*at == '\0') return field->name != NULL;
        at = *at == ';' ? take_parameter(at, field) : NULL;
    }
    return 0;
}

/* The headers of a part, up to the empty line. Returns where its contents begin, or NULL. */
static char *parse_headers(const multipart *form, char *at, web_field *field) {
    static const char NAME[] = "content-disposition:";
    for (;;) {
        char *line_end = find(at, form->end, "\r\n", 2);
        if (!line_end) return NULL;
        if (line_end == at) return field->name ? at + 2 : NULL;
        *line_end = '\0';
        int is_disposition = strncasecmp(at, NAME, sizeof NAME - 1) == 0;
        if (is_disposition && (field->name || !parse_disposition(at + sizeof NAME - 1, field))) return NULL;
        at = line_end + 2;
    }
}

/* The part that begins at form->at, which then stands behind the delimiter that ends it. */
static fields_status parse_part(multipart *form) {
    web_field part = {NULL, NULL, 0, NULL, 0};
    part.value = parse_headers(form, form->at, &part);
    if (!part.value) return FIELDS_MALFORMED;
    /* the line break before a delimiter belongs to it, also where the contents are empty */
    char *stop = find(part.value - 2, form->end, form->delimiter, form->length);
    if (!stop) return FIELDS_MALFORMED;
    part.size = stop < part.value ? 0 : (size_t)(stop - part.value);
    if (stop < part.value) part.value = stop;
    *stop = '\0';
    form->at = stop + form->length;
    return fields_add(form->list, part);
}

/* Behind a delimiter: 1 where a part follows, 0 at the end, -1 where it is neither. */
static int next_part(multipart *form) {
    char *at = form->at;
    if (form->end - at >= 2 && at[0] == '-' && at[1] == '-') return 0;
    while (at < form->end && (*at == ' ' || *at == '\t'))
        at++;
    if (form->end - at < 2 || at[0] != '\r' || at[1] != '\n') return -1;
    form->at = at + 2;
    return 1;
}

fields_status fields_parse_multipart(field_list *list, char *body, size_t size, const char *boundary) {
    multipart form = {.list = list, .at = body, .end = body + size};
    if (strlen(boundary) > MAX_BOUNDARY || boundary[0] == '\0') return FIELDS_MALFORMED;
    form.length = (size_t)snprintf(form.delimiter, sizeof form.delimiter, "\r\n--%s", boundary);
    /* the first delimiter may stand at the very beginning, without a line break before it */
    const char *first = form.delimiter + 2;
    if (size >= form.length - 2 && memcmp(body, first, form.length - 2) == 0) {
        form.at = body + form.length - 2;
    } else {
        char *found = find(body, form.end, form.delimiter, form.length);
        if (!found) return FIELDS_MALFORMED;
        form.at = found + form.length;
    }
    for (;;) {
        int more = next_part(&form);
        if (more <= 0) return more == 0 ? FIELDS_OK : FIELDS_MALFORMED;
        fields_status status = parse_part(&form);
        if (status != FIELDS_OK) return status;
    }
}

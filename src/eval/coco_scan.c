#include "eval/coco_scan.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/dataset_number.h"

enum { MAX_DEPTH = 64, TOKEN = 64 };

cs_scan cs_scan_of(const char *bytes, size_t size, const char *path, cs_error *error) {
    return (cs_scan){.begin = bytes,
                     .at = bytes,
                     .end = bytes ? bytes + size : bytes,
                     .path = path,
                     .status = CS_OK,
                     .error = error};
}

static size_t line_of(const cs_scan *scan) {
    size_t line = 1;
    for (const char *byte = scan->begin; byte < scan->at; byte++)
        line += *byte == '\n';
    return line;
}

int cs_scan_fail(cs_scan *scan, const char *format, ...) {
    char message[200], place[64] = "";
    if (scan->status != CS_OK) return 0;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (scan->list) snprintf(place, sizeof place, "%s[%zu]: ", scan->list, scan->index);
    scan->status = cs_fail(scan->error, CS_ERR_FORMAT, "%s:%zu: %s%s", scan->path, line_of(scan), place, message);
    return 0;
}

static int fail_memory(cs_scan *scan) {
    if (scan->status == CS_OK) scan->status = cs_fail_memory(scan->error, scan->path);
    return 0;
}

static int is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next byte that is not white space; 0 at the end of the document or after an error. */
static char peek(cs_scan *scan) {
    while (scan->at < scan->end && is_space(*scan->at))
        scan->at++;
    return scan->status == CS_OK && scan->at < scan->end ? *scan->at : '\0';
}

/* What the next byte is, for "found ...". */
static const char *found(cs_scan *scan, char text[8]) {
    char c = peek(scan);
    if (scan->at == scan->end) return "the end of the file";
    snprintf(text, 8, c >= ' ' && c < 127 ? "'%c'" : "0x%02x", (unsigned char)c);
    return text;
}

int cs_scan_expected(cs_scan *scan, const char *what) {
    char text[8];
    return cs_scan_fail(scan, "expected %s, found %s", what, found(scan, text));
}

int cs_scan_finish(cs_scan *scan) {
    peek(scan);
    if (scan->at < scan->end) cs_scan_expected(scan, "nothing behind the document");
    return scan->status == CS_OK;
}

int cs_scan_enter(cs_scan *scan, char bracket) {
    if (peek(scan) != bracket) return 0;
    scan->at++;
    scan->first = 1;
    return 1;
}

int cs_scan_more(cs_scan *scan, char bracket) {
    char next = peek(scan);
    int first = scan->first;
    scan->first = 0;
    if (scan->status != CS_OK) return 0;
    if (next == bracket) {
        scan->at++;
        return 0;
    }
    if (first) return 1;
    if (next != ',') return cs_scan_expected(scan, bracket == '}' ? "',' or '}'" : "',' or ']'");
    scan->at++;
    return 1;
}

/* Steps over a string. *inside is what stands between its quotes. */
static int pass_string(cs_scan *scan, const char **inside, size_t *length) {
    const char *at = scan->at + 1;
    while (at < scan->end && *at != '"')
        at += *at == '\\' && at + 1 < scan->end ? 2 : 1;
    if (at >= scan->end) return cs_scan_fail(scan, "a string without an end");
    *inside = scan->at + 1;
    *length = (size_t)(at - *inside);
    scan->at = at + 1;
    return 1;
}

int cs_scan_key(cs_scan *scan, const char *const *names, size_t count, size_t *which) {
    const char *name;
    size_t length, i = 0;
    if (peek(scan) != '"') return cs_scan_expected(scan, "the name of a member");
    if (!pass_string(scan, &name, &length)) return 0;
    if (peek(scan) != ':') return cs_scan_expected(scan, "':'");
    scan->at++;
    while (i < count && (strlen(names[i]) != length || memcmp(names[i], name, length) != 0))
        i++;
    *which = i;
    return i < count;
}

char *cs_scan_string(cs_scan *scan, const char *what) {
    const char *inside;
    size_t length;
    json_error_t reason;
    if (peek(scan) != '"') cs_scan_expected(scan, what);
    if (scan->status != CS_OK || !pass_string(scan, &inside, &length)) return NULL;
    json_t *value = json_loadb(inside - 1, length + 2, JSON_DECODE_ANY, &reason);
    if (!value && json_error_code(&reason) == json_error_out_of_memory)
        fail_memory(scan);
    else if (!value)
        cs_scan_fail(scan, "%s: %s", what, reason.text);
    if (!value) return NULL;
    char *copy = cs_strdup(json_string_value(value));
    json_decref(value);
    if (!copy) fail_memory(scan);
    return copy;
}

/* A number, true, false or null, as text; what does not fit into a token is none of these. */
static int take_token(cs_scan *scan, char token[TOKEN]) {
    size_t n = 0;
    peek(scan);
    while (scan->status == CS_OK && scan->at < scan->end && n + 1 < TOKEN && !is_space(*scan->at) &&
           !strchr(",]}[{:\"", *scan->at))
        token[n++] = *scan->at++;
    token[n] = '\0';
    return scan->status == CS_OK;
}

int cs_scan_integer(cs_scan *scan, const char *what, int64_t *value) {
    char token[TOKEN], *end;
    if (peek(scan) == '"') return cs_scan_fail(scan, "%s: expected a whole number, found a string", what);
    if (!take_token(scan, token)) return 0;
    size_t digits = strspn(token + (token[0] == '-'), "0123456789");
    errno = 0;
    long long number = strtoll(token, &end, 10);
    if (!digits || *end || errno) return cs_scan_fail(scan, "%s: expected a whole number, found '%s'", what, token);
    *value = number;
    return 1;
}

int cs_scan_number(cs_scan *scan, const char *what, double *value) {
    char token[TOKEN];
    if (!take_token(scan, token)) return 0;
    if (!cs_dataset_number(token, value))
        return cs_scan_fail(scan, "%s: expected a number of pixels, found '%s'", what, token);
    return 1;
}

int cs_scan_flag(cs_scan *scan, const char *what, int *value) {
    char token[TOKEN];
    if (!take_token(scan, token)) return 0;
    int yes = strcmp(token, "1") == 0 || strcmp(token, "true") == 0;
    if (!yes && strcmp(token, "0") != 0 && strcmp(token, "false") != 0)
        return cs_scan_fail(scan, "%s: expected 0 or 1, found '%s'", what, token);
    *value = yes;
    return 1;
}

/* Which brackets are open: one bit each, 1 for an object. */
typedef struct nesting {
    uint64_t objects;
    int depth;
} nesting;

static int step_in(cs_scan *scan, nesting *open, char bracket) {
    if (open->depth == MAX_DEPTH) return cs_scan_fail(scan, "brackets nest more than %d deep", MAX_DEPTH);
    open->objects = open->objects << 1 | (bracket == '{');
    open->depth++;
    scan->at++;
    return 1;
}

static int step_out(cs_scan *scan, nesting *open, char bracket) {
    if (!open->depth || (int)(open->objects & 1) != (bracket == '}')) return cs_scan_expected(scan, "a value");
    open->objects >>= 1;
    open->depth--;
    scan->at++;
    return 1;
}

/* One string, bracket or other piece of a value. */
static int skip_piece(cs_scan *scan, nesting *open) {
    const char *inside;
    size_t length;
    char next = peek(scan);
    if (next == '"') return pass_string(scan, &inside, &length);
    if (next == '{' || next == '[') return step_in(scan, open, next);
    if (next == '}' || next == ']') return step_out(scan, open, next);
    if (open->depth && (next == ',' || next == ':')) {
        scan->at++;
        return 1;
    }
    if (!next || next == ',' || next == ':') return cs_scan_expected(scan, "a value");
    while (scan->at < scan->end && !is_space(*scan->at) && !strchr(",]}[{:\"", *scan->at))
        scan->at++;
    return 1;
}

int cs_scan_skip(cs_scan *scan) {
    nesting open = {0, 0};
    do {
        if (!skip_piece(scan, &open)) return 0;
    } while (open.depth);
    return 1;
}

#include "text/json_cut.h"

#include <string.h>

#include "base/error.h"

/* Where a walk over the document stands. */
typedef struct walk {
    const char *data;
    size_t size, position;
    int depth, in_model;
    size_t key, key_length; /* the last string */
    int after_colon;
} walk;

/* The offset behind the string that begins at `at`. */
static size_t skip_string(const char *data, size_t size, size_t at) {
    for (at++; at < size && data[at] != '"'; at++)
        if (data[at] == '\\') at++;
    return at < size ? at + 1 : size;
}

/* The offset behind the list or object that begins at `at`; `at` itself if it does not end. */
static size_t skip_container(const char *data, size_t size, size_t at) {
    size_t depth = 0;
    for (size_t i = at; i < size;) {
        char c = data[i];
        i = c == '"' ? skip_string(data, size, i) : i + 1;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && --depth == 0) return i;
    }
    return at;
}

static int key_is(const walk *w, const char *name) {
    return w->after_colon && w->key_length == strlen(name) && memcmp(w->data + w->key, name, w->key_length) == 0;
}

static void enter(walk *w) {
    if (w->depth == 1 && key_is(w, "model")) w->in_model = 1;
    w->depth++;
}

static void leave(walk *w) {
    w->depth--;
    if (w->depth <= 1) w->in_model = 0;
}

static int is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* Passes one token, and keeps in mind what the next one needs to know. */
static void step(walk *w) {
    char c = w->data[w->position];
    if (c == '"') {
        size_t end = skip_string(w->data, w->size, w->position);
        w->key = w->position + 1;
        w->key_length = end - w->key - (end > w->key);
        w->position = end;
        w->after_colon = 0;
        return;
    }
    if (c == '{' || c == '[') enter(w);
    if (c == '}' || c == ']') leave(w);
    if (!is_space(c)) w->after_colon = c == ':';
    w->position++;
}

static void append_lines(cs_strbuf *rest, const char *data, cs_json_span span) {
    for (size_t i = span.first; i < span.end; i++)
        if (data[i] == '\n') cs_strbuf_append(rest, "\n", 1);
}

/* Cuts the value at the walk's position if it is the one that is looked for. */
static int cut(walk *w, const char *key, char opening, const char *stand_in, cs_json_span *span, cs_strbuf *rest,
               size_t *copied) {
    if (!w->in_model || w->depth != 2 || span->end || w->data[w->position] != opening || !key_is(w, key)) return 0;
    size_t end = skip_container(w->data, w->size, w->position);
    if (end == w->position) return 0;
    *span = (cs_json_span){w->position, end};
    cs_strbuf_append(rest, w->data + *copied, span->first - *copied);
    cs_strbuf_puts(rest, stand_in);
    append_lines(rest, w->data, *span);
    w->position = *copied = end;
    w->after_colon = 0;
    return 1;
}

cs_status cs_json_cut(const char *data, size_t size, cs_strbuf *rest, cs_json_span *vocabulary, cs_json_span *merges,
                      cs_error *error) {
    walk w = {.data = data, .size = size};
    size_t copied = 0;
    *vocabulary = *merges = (cs_json_span){0, 0};
    while (w.position < size)
        if (!cut(&w, "vocab", '{', "{}", vocabulary, rest, &copied) &&
            !cut(&w, "merges", '[', "[]", merges, rest, &copied))
            step(&w);
    cs_strbuf_append(rest, data + copied, size - copied);
    return rest->failed ? cs_fail_memory(error, "tokenizer.json") : CS_OK;
}

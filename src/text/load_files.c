#include <string.h>

#include "base/error.h"
#include "text/bytes.h"
#include "text/json_lists.h"
#include "text/parts.h"

typedef struct line_reader {
    const char *text;
    size_t size, position;
} line_reader;

/* The next line that holds a merge: without its end, neither empty nor "#version: ...". */
static int next_line(line_reader *reader, const char **line, size_t *length) {
    while (reader->position < reader->size) {
        const char *start = reader->text + reader->position;
        size_t left = reader->size - reader->position;
        const char *newline = memchr(start, '\n', left);
        size_t n = newline ? (size_t)(newline - start) : left;
        reader->position += n + (newline != NULL);
        if (n > 0 && start[n - 1] == '\r') n--;
        if (n == 0 || (n >= 8 && memcmp(start, "#version", 8) == 0)) continue;
        *line = start;
        *length = n;
        return 1;
    }
    return 0;
}

static cs_status add_token(cs_builder *builder, const char *token, size_t length) {
    return cs_vocabulary_add(&builder->vocabulary, token, length, (int64_t)builder->vocabulary.count, builder->name,
                             builder->error);
}

/* The 256 bytes inside a word, then the same at a word's end. */
static cs_status add_bytes(cs_builder *builder) {
    unsigned char order[256];
    char token[2 + sizeof CS_WORD_END];
    cs_status status = CS_OK;
    cs_byte_order(order);
    for (size_t i = 0; i < 512 && status == CS_OK; i++) {
        size_t length = cs_byte_character(order[i % 256], token);
        memcpy(token + length, CS_WORD_END, sizeof CS_WORD_END);
        status = add_token(builder, token, i < 256 ? length : strlen(token));
    }
    return status;
}

/* Splits "a b"; with `in_order`, what the two make is the next token of the vocabulary. */
static cs_status load_line(cs_builder *builder, const char *line, size_t length, int in_order) {
    const char *space = memchr(line, ' ', length);
    size_t left = space ? (size_t)(space - line) : 0, right = space ? length - left - 1 : 0;
    if (left == 0 || right == 0 || memchr(space + 1, ' ', right))
        return cs_fail(builder->error, CS_ERR_FORMAT, "%s: merge %d: expected two tokens, found \"%.*s\"",
                       builder->name, (int)builder->rank + 1, length > 64 ? 64 : (int)length, line);
    if (in_order) {
        cs_strbuf *both = &builder->scratch;
        both->length = 0;
        cs_strbuf_append(both, line, left);
        cs_strbuf_append(both, space + 1, right);
        if (both->failed) return cs_fail_memory(builder->error, "a merge");
        cs_status status = add_token(builder, both->data, both->length);
        if (status != CS_OK) return status;
    }
    return cs_build_merge(builder, line, left, space + 1, right);
}

static cs_status load_merges(cs_builder *builder, const char *merges, size_t size, int in_order) {
    line_reader reader = {merges, size, 0};
    const char *line;
    size_t length;
    cs_status status = CS_OK;
    while (status == CS_OK && next_line(&reader, &line, &length))
        status = load_line(builder, line, length, in_order);
    return status;
}

static cs_status add_ends(cs_builder *builder) {
    cs_status status = add_token(builder, CS_START_TOKEN, strlen(CS_START_TOKEN));
    return status == CS_OK ? add_token(builder, CS_END_TOKEN, strlen(CS_END_TOKEN)) : status;
}

/* The rules are those of Hugging Face's CLIPTokenizer, which has no file for them here. */
static cs_status finish(cs_builder *builder) {
    cs_tokenizer *tokenizer = builder->tokenizer;
    tokenizer->rules = (cs_split_rules){1, 1};
    cs_status status = cs_build_finish(builder, CS_START_TOKEN, CS_END_TOKEN);
    if (status == CS_OK) status = cs_build_bytes(builder, tokenizer->end);
    if (status == CS_OK)
        status = cs_build_special(builder, CS_START_TOKEN, strlen(CS_START_TOKEN), tokenizer->start, 0);
    if (status == CS_OK) status = cs_build_special(builder, CS_END_TOKEN, strlen(CS_END_TOKEN), tokenizer->end, 0);
    return status;
}

cs_status cs_load_files(const char *vocabulary, size_t vocabulary_size, const char *vocabulary_name, const char *merges,
                        size_t merges_size, const char *merges_name, cs_tokenizer *tokenizer, cs_error *error) {
    cs_builder builder = {.tokenizer = tokenizer, .name = vocabulary ? vocabulary_name : merges_name, .error = error};
    cs_json_span all = {0, vocabulary_size};
    cs_status status = vocabulary ? cs_build_json_vocabulary(&builder, vocabulary, all) : add_bytes(&builder);
    builder.name = merges_name;
    if (status == CS_OK) status = load_merges(&builder, merges, merges_size, !vocabulary);
    if (status == CS_OK && !vocabulary) status = add_ends(&builder);
    if (vocabulary) builder.name = vocabulary_name;
    if (status == CS_OK) status = finish(&builder);
    cs_builder_free(&builder);
    return status;
}

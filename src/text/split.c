#include "text/split.h"

#include <string.h>

#include "text/unicode.h"

static size_t match_any(const char *const *words, size_t n, const char *text, size_t length) {
    for (size_t i = 0; i < n; i++) {
        size_t bytes = strlen(words[i]);
        if (bytes <= length && memcmp(words[i], text, bytes) == 0) return bytes;
    }
    return 0;
}

static size_t match_literal(const char *text, size_t length) {
    static const char *const literals[] = {"<|startoftext|>", "<|endoftext|>"};
    return match_any(literals, 2, text, length);
}

static size_t match_contraction(const char *text, size_t length) {
    static const char *const endings[] = {"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"};
    return *text == '\'' ? match_any(endings, 7, text, length) : 0;
}

/* A contraction, one number, or as many letters (others) as follow. The text must not begin with a space. */
static size_t match_piece(const char *text, size_t length) {
    size_t contraction = match_contraction(text, length);
    if (contraction) return contraction;
    int32_t code;
    size_t end = cs_utf8_read(text, length, &code);
    cs_char_class class = cs_char_classify(code);
    if (class == CS_CHAR_NUMBER) return end;
    for (size_t bytes; (bytes = cs_utf8_read(text + end, length - end, &code)) > 0; end += bytes)
        if (cs_char_classify(code) != class) break;
    return end;
}

static void skip_space(cs_split *split) {
    int32_t code;
    size_t bytes;
    while ((bytes = cs_utf8_read(split->text + split->position, split->length - split->position, &code)) > 0 &&
           cs_char_classify(code) == CS_CHAR_SPACE)
        split->position += bytes;
}

int cs_split_next(cs_split *split, const char **piece, size_t *length) {
    skip_space(split);
    if (split->position >= split->length) return 0;
    const char *text = split->text + split->position;
    size_t left = split->length - split->position, literal = 0;
    if (split->position >= split->fence && split->rules.literals) literal = match_literal(text, left);
    if (literal) split->fence = split->position + literal;
    if (split->position < split->fence) left = split->fence - split->position;
    *piece = text;
    *length = literal && !split->rules.again ? literal : match_piece(text, left);
    split->position += *length;
    return 1;
}

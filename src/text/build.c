#include <string.h>

#include "base/error.h"
#include "text/bytes.h"
#include "text/normalize.h"
#include "text/parts.h"

/* Long tokens are cut in messages. */
static int shown(size_t length) {
    return length > 64 ? 64 : (int)length;
}

static cs_status build_byte(cs_builder *builder, unsigned char byte, int32_t unknown) {
    char token[2 + sizeof CS_WORD_END];
    size_t length = cs_byte_character(byte, token);
    memcpy(token + length, CS_WORD_END, sizeof CS_WORD_END);
    int32_t inner = cs_vocabulary_find(&builder->vocabulary, token, length);
    int32_t last = cs_vocabulary_find(&builder->vocabulary, token, strlen(token));
    if (inner < 0) inner = unknown;
    if (last < 0) last = unknown;
    if (inner < 0 || last < 0)
        return cs_fail(builder->error, CS_ERR_FORMAT,
                       "%s: expected \"%.*s\" and \"%s\" in the vocabulary, or a token for unknown ones", builder->name,
                       (int)length, token, token);
    builder->tokenizer->inner[byte] = inner;
    builder->tokenizer->last[byte] = last;
    return CS_OK;
}

cs_status cs_build_bytes(cs_builder *builder, int32_t unknown) {
    cs_status status = CS_OK;
    for (int byte = 0; byte < 256 && status == CS_OK; byte++)
        status = build_byte(builder, (unsigned char)byte, unknown);
    return status;
}

static cs_status fail_merge(cs_builder *builder, const char *token, size_t length) {
    return cs_fail(builder->error, CS_ERR_FORMAT,
                   "%s: merge %d needs the token \"%.*s\", which is not in the vocabulary", builder->name,
                   (int)builder->rank + 1, shown(length), token);
}

cs_status cs_build_merge(cs_builder *builder, const char *left, size_t left_length, const char *right,
                         size_t right_length) {
    cs_strbuf *both = &builder->scratch;
    both->length = 0;
    cs_strbuf_append(both, left, left_length);
    cs_strbuf_append(both, right, right_length);
    if (both->failed) return cs_fail_memory(builder->error, "a merge");
    int32_t left_id = cs_vocabulary_find(&builder->vocabulary, left, left_length);
    if (left_id < 0) return fail_merge(builder, left, left_length);
    int32_t right_id = cs_vocabulary_find(&builder->vocabulary, right, right_length);
    if (right_id < 0) return fail_merge(builder, right, right_length);
    int32_t result = cs_vocabulary_find(&builder->vocabulary, both->data, both->length);
    if (result < 0) return fail_merge(builder, both->data, both->length);
    return cs_merges_put(&builder->tokenizer->merges, left_id, right_id, builder->rank++, result, builder->error);
}

cs_status cs_build_special(cs_builder *builder, const char *text, size_t length, int32_t id, int normalized) {
    if (!normalized) return cs_specials_add(&builder->tokenizer->raw, text, length, id, builder->error);
    builder->scratch.length = 0;
    cs_status status = cs_normalize(text, length, &builder->scratch, builder->error);
    if (status != CS_OK) return status;
    return cs_specials_add(&builder->tokenizer->normalized, builder->scratch.data, builder->scratch.length, id,
                           builder->error);
}

static cs_status find_end(cs_builder *builder, const char *token, int32_t *id) {
    *id = cs_vocabulary_find(&builder->vocabulary, token, strlen(token));
    if (*id >= 0) return CS_OK;
    return cs_fail(builder->error, CS_ERR_FORMAT, "%s: expected the token \"%.*s\" in the vocabulary", builder->name,
                   shown(strlen(token)), token);
}

cs_status cs_build_finish(cs_builder *builder, const char *start, const char *end) {
    cs_tokenizer *tokenizer = builder->tokenizer;
    cs_status status = cs_vocabulary_check_ids(&builder->vocabulary, builder->name, builder->error);
    if (status == CS_OK) status = find_end(builder, start, &tokenizer->start);
    if (status == CS_OK) status = find_end(builder, end, &tokenizer->end);
    tokenizer->vocabulary_size = (size_t)builder->vocabulary.highest + 1;
    return status;
}

void cs_builder_free(cs_builder *builder) {
    cs_vocabulary_free(&builder->vocabulary);
    cs_strbuf_free(&builder->scratch);
}

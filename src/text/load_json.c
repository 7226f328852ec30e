#include <string.h>

#include "base/error.h"
#include "text/json_fields.h"
#include "text/json_lists.h"
#include "text/json_rules.h"
#include "text/parts.h"

/* An added token is in the vocabulary under the same id, or comes on top of it. */
static cs_status add_special(cs_builder *builder, const json_t *token, const char *content, json_int_t id) {
    size_t length = strlen(content);
    int32_t known = cs_vocabulary_find(&builder->vocabulary, content, length);
    if (known >= 0 && known != id)
        return cs_fail(builder->error, CS_ERR_FORMAT, "%s: added_tokens: \"%.64s\": expected id %d, found %lld",
                       builder->name, content, (int)known, (long long)id);
    cs_status status = CS_OK;
    if (known < 0) status = cs_vocabulary_add(&builder->vocabulary, content, length, id, builder->name, builder->error);
    if (status == CS_OK)
        status = cs_build_special(builder, content, length, (int32_t)id, cs_json_is_true(token, "normalized"));
    return status;
}

static cs_status load_special(cs_builder *builder, const json_t *token) {
    static const char *const switches[] = {"single_word", "lstrip", "rstrip"};
    json_t *content, *id;
    cs_status status =
        cs_json_member(token, "added_tokens", "content", JSON_STRING, builder->name, &content, builder->error);
    if (status == CS_OK)
        status = cs_json_member(token, "added_tokens", "id", JSON_INTEGER, builder->name, &id, builder->error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (cs_json_is_true(token, switches[i]))
            return cs_fail(builder->error, CS_ERR_UNSUPPORTED, "%s: added_tokens: \"%.64s\": %s is not supported",
                           builder->name, json_string_value(content), switches[i]);
    return add_special(builder, token, json_string_value(content), json_integer_value(id));
}

static cs_status load_specials(cs_builder *builder, const json_t *root) {
    json_t *tokens;
    cs_status status = cs_json_member(root, "", "added_tokens", JSON_ARRAY, builder->name, &tokens, builder->error);
    for (size_t i = 0; status == CS_OK && i < json_array_size(tokens); i++)
        status = load_special(builder, json_array_get(tokens, i));
    return status;
}

/* The id that stands for bytes without a token, -1 where the file names none. */
static cs_status find_unknown(cs_builder *builder, const json_t *model, int32_t *id) {
    const json_t *unknown = json_object_get(model, "unk_token");
    *id = -1;
    if (!unknown || json_is_null(unknown)) return CS_OK;
    const char *token = json_string_value(unknown);
    if (token) *id = cs_vocabulary_find(&builder->vocabulary, token, strlen(token));
    if (*id >= 0) return CS_OK;
    return cs_fail(builder->error, CS_ERR_FORMAT, "%s: model.unk_token: expected a token of the vocabulary",
                   builder->name);
}

/* The first of ["token", id]. */
static const char *pair_token(const json_t *processor, const char *key) {
    return json_string_value(json_array_get(json_object_get(processor, key), 0));
}

static cs_status finish(cs_builder *builder, const json_t *root) {
    const json_t *processor = json_object_get(root, "post_processor");
    const char *type = json_string_value(json_object_get(processor, "type"));
    if (!type || strcmp(type, "RobertaProcessing") != 0)
        return cs_fail(builder->error, CS_ERR_UNSUPPORTED,
                       "%s: post_processor.type: expected \"RobertaProcessing\", found \"%.64s\"", builder->name,
                       type ? type : "nothing");
    const char *start = pair_token(processor, "cls"), *end = pair_token(processor, "sep");
    if (!start || !end)
        return cs_fail(builder->error, CS_ERR_FORMAT, "%s: post_processor: expected cls and sep as [\"token\", id]",
                       builder->name);
    return cs_build_finish(builder, start, end);
}

/* The file in its two forms: the text, where the long lists are read, and all the rest as a tree. */
typedef struct json_document {
    const char *data;
    cs_json_span vocabulary, merges;
    json_t *root;
} json_document;

static cs_status load_model(cs_builder *builder, const json_document *document) {
    json_t *model, *member;
    int32_t unknown;
    const char *name = builder->name;
    cs_error *error = builder->error;
    cs_status status = cs_json_member(document->root, "", "model", JSON_OBJECT, name, &model, error);
    if (status == CS_OK) status = cs_json_rules(document->root, model, name, &builder->tokenizer->rules, error);
    if (status == CS_OK) status = cs_json_member(model, "model", "vocab", JSON_OBJECT, name, &member, error);
    if (status == CS_OK) status = cs_json_member(model, "model", "merges", JSON_ARRAY, name, &member, error);
    if (status == CS_OK) status = cs_build_json_vocabulary(builder, document->data, document->vocabulary);
    if (status == CS_OK) status = cs_build_json_merges(builder, document->data, document->merges);
    if (status == CS_OK) status = find_unknown(builder, model, &unknown);
    if (status == CS_OK) status = cs_build_bytes(builder, unknown);
    return status;
}

static cs_status read_document(const char *data, size_t size, const char *name, json_document *document,
                               cs_error *error) {
    cs_strbuf rest = CS_STRBUF_EMPTY;
    document->data = data;
    cs_status status = cs_json_cut(data, size, &rest, &document->vocabulary, &document->merges, error);
    if (status == CS_OK) status = cs_json_parse(rest.data, rest.length, name, &document->root, error);
    cs_strbuf_free(&rest);
    return status;
}

cs_status cs_load_json(const char *data, size_t size, const char *name, cs_tokenizer *tokenizer, cs_error *error) {
    json_document document;
    cs_status status = read_document(data, size, name, &document, error);
    if (status != CS_OK) return status;
    cs_builder builder = {.tokenizer = tokenizer, .name = name, .error = error};
    status = load_model(&builder, &document);
    if (status == CS_OK) status = load_specials(&builder, document.root);
    if (status == CS_OK) status = finish(&builder, document.root);
    cs_builder_free(&builder);
    json_decref(document.root);
    return status;
}

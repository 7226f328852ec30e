#include "text/json_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "text/json_fields.h"

#define PATTERN "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+"
#define LITERALS "<\\|startoftext\\|>|<\\|endoftext\\|>|"

/* "expected ..., found ..." with the JSON as it stands, cut where it is long. */
static cs_status refuse(const json_t *value, const char *key, const char *expected, const char *name, cs_error *error) {
    char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    cs_fail(error, CS_ERR_UNSUPPORTED, "%s: %s: expected %s, found %.200s", name, key, expected,
            text ? text : "nothing");
    free(text);
    return CS_ERR_UNSUPPORTED;
}

static int is_whitespace_rule(const json_t *part) {
    return cs_json_is(part, "type", "Replace") && cs_json_is(part, "content", " ") &&
           cs_json_is(json_object_get(part, "pattern"), "Regex", "\\s+");
}

static cs_status check_normalizer(const json_t *value, const char *name, cs_error *error) {
    const json_t *parts = json_object_get(value, "normalizers");
    if (cs_json_is(value, "type", "Sequence") && json_array_size(parts) == 3 &&
        cs_json_is(json_array_get(parts, 0), "type", "NFC") && is_whitespace_rule(json_array_get(parts, 1)) &&
        cs_json_is(json_array_get(parts, 2), "type", "Lowercase"))
        return CS_OK;
    return refuse(value, "normalizer", "CLIP's (NFC, white space to one space, lower case)", name, error);
}

static int is_split(const json_t *part, cs_split_rules *rules) {
    const json_t *pattern = json_object_get(part, "pattern");
    rules->literals = cs_json_is(pattern, "Regex", LITERALS PATTERN);
    return cs_json_is(part, "type", "Split") && cs_json_is(part, "behavior", "Removed") &&
           cs_json_is_true(part, "invert") && (rules->literals || cs_json_is(pattern, "Regex", PATTERN));
}

static int is_byte_level(const json_t *part, cs_split_rules *rules) {
    const json_t *again = json_object_get(part, "use_regex");
    rules->again = !again || json_is_true(again); /* older files do not have it, and mean yes */
    return cs_json_is(part, "type", "ByteLevel") && !cs_json_is_true(part, "add_prefix_space");
}

static cs_status check_pre_tokenizer(const json_t *value, const char *name, cs_split_rules *rules, cs_error *error) {
    const json_t *parts = json_object_get(value, "pretokenizers");
    if (cs_json_is(value, "type", "Sequence") && json_array_size(parts) == 2 &&
        is_split(json_array_get(parts, 0), rules) && is_byte_level(json_array_get(parts, 1), rules))
        return CS_OK;
    return refuse(value, "pre_tokenizer", "CLIP's (its pattern, then bytes)", name, error);
}

static cs_status check_model(const json_t *model, const char *name, cs_error *error) {
    static const char *const switches[] = {"fuse_unk", "byte_fallback", "ignore_merges"};
    const json_t *type = json_object_get(model, "type"), *dropout = json_object_get(model, "dropout");
    const json_t *prefix = json_object_get(model, "continuing_subword_prefix");
    if (type && !cs_json_is(model, "type", "BPE")) return refuse(type, "model.type", "\"BPE\"", name, error);
    if (!cs_json_is(model, "end_of_word_suffix", "</w>"))
        return refuse(json_object_get(model, "end_of_word_suffix"), "model.end_of_word_suffix", "\"</w>\"", name,
                      error);
    if (prefix && !json_is_null(prefix) && !cs_json_is(model, "continuing_subword_prefix", ""))
        return refuse(prefix, "model.continuing_subword_prefix", "\"\"", name, error);
    if (dropout && !json_is_null(dropout)) return refuse(dropout, "model.dropout", "null", name, error);
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        const json_t *value = json_object_get(model, switches[i]);
        if (value && !json_is_false(value))
            return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: model.%s: expected false, found %s", name, switches[i],
                           cs_json_type_name(value));
    }
    return CS_OK;
}

cs_status cs_json_rules(const json_t *root, const json_t *model, const char *name, cs_split_rules *rules,
                        cs_error *error) {
    cs_status status = check_model(model, name, error);
    if (status == CS_OK) status = check_normalizer(json_object_get(root, "normalizer"), name, error);
    if (status == CS_OK) status = check_pre_tokenizer(json_object_get(root, "pre_tokenizer"), name, rules, error);
    return status;
}

#include "text/json_fields.h"

#include <string.h>

#include "base/error.h"

static const char *type_name(json_type type) {
    switch (type) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a string";
    case JSON_INTEGER:
        return "an integer";
    case JSON_REAL:
        return "a fraction";
    case JSON_TRUE:
        return "true";
    case JSON_FALSE:
        return "false";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

const char *cs_json_type_name(const json_t *value) {
    return value ? type_name(json_typeof(value)) : "nothing";
}

cs_status cs_json_parse(const char *data, size_t size, const char *name, json_t **root, cs_error *error) {
    json_error_t reason;
    json_t *value = json_loadb(data, size, JSON_REJECT_DUPLICATES, &reason);
    if (!value && json_error_code(&reason) == json_error_out_of_memory) return cs_fail_memory(error, name);
    if (!value)
        return cs_fail(error, CS_ERR_FORMAT, "%s: line %d, column %d: not JSON: %s", name, reason.line, reason.column,
                       reason.text);
    if (!json_is_object(value)) {
        json_decref(value);
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a JSON object", name);
    }
    *root = value;
    return CS_OK;
}

cs_status cs_json_member(const json_t *object, const char *where, const char *key, json_type type, const char *name,
                         json_t **member, cs_error *error) {
    json_t *value = json_object_get(object, key);
    if (!value || json_typeof(value) != type)
        return cs_fail(error, CS_ERR_FORMAT, "%s: %s%s%s: expected %s, found %s", name, where, *where ? "." : "", key,
                       type_name(type), cs_json_type_name(value));
    *member = value;
    return CS_OK;
}

int cs_json_is(const json_t *object, const char *key, const char *string) {
    const char *value = json_string_value(json_object_get(object, key));
    return value && strcmp(value, string) == 0;
}

int cs_json_is_true(const json_t *object, const char *key) {
    return json_is_true(json_object_get(object, key));
}

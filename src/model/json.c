#include "model/json.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/file.h"

cs_status cs_json_load(const char *path, json_t **object, cs_error *error) {
    char *text;
    size_t size;
    cs_status status = cs_file_read(path, 64u << 20, &text, &size, error);
    if (status != CS_OK) return status;
    json_error_t where;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
    free(text);
    if (!root) return cs_fail(error, CS_ERR_FORMAT, "%s: line %d: %s", path, where.line, where.text);
    if (!json_is_object(root)) {
        json_decref(root);
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a JSON object", path);
    }
    *object = root;
    return CS_OK;
}

json_t *cs_json_get(const json_t *object, const char *key) {
    json_t *value = json_object_get(object, key);
    return value && !json_is_null(value) ? value : NULL;
}

cs_status cs_json_int(const char *path, const json_t *object, const char *key, int low, int high, int *value,
                      cs_error *error) {
    const json_t *found = cs_json_get(object, key);
    if (!found) return CS_OK;
    json_int_t number = json_integer_value(found);
    if (!json_is_integer(found) || number < low || number > high)
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"%s\": expected a whole number from %d to %d", path, key, low, high);
    *value = (int)number;
    return CS_OK;
}

cs_status cs_json_float(const char *path, const json_t *object, const char *key, float *value, cs_error *error) {
    const json_t *found = cs_json_get(object, key);
    if (!found) return CS_OK;
    if (!json_is_number(found)) return cs_fail(error, CS_ERR_FORMAT, "%s: \"%s\": expected a number", path, key);
    *value = (float)json_number_value(found);
    return CS_OK;
}

cs_status cs_json_float3(const char *path, const json_t *object, const char *key, float value[3], cs_error *error) {
    const json_t *found = cs_json_get(object, key);
    if (!found) return CS_OK;
    int valid = json_is_array(found) && json_array_size(found) == 3;
    for (size_t i = 0; valid && i < 3; i++)
        valid = json_is_number(json_array_get(found, i));
    if (!valid) return cs_fail(error, CS_ERR_FORMAT, "%s: \"%s\": expected three numbers", path, key);
    for (size_t i = 0; i < 3; i++)
        value[i] = (float)json_number_value(json_array_get(found, i));
    return CS_OK;
}

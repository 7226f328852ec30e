#include "model/checkpoint_json.h"

#include "base/error.h"

cs_status cs_checkpoint_json(const void *bytes, size_t size, const char *file, json_t **json, cs_error *error) {
    json_error_t reason;
    json_t *value = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &reason);
    if (!value) {
        /* Where memory runs out, jansson often leaves the text empty. */
        if (!reason.text[0] || json_error_code(&reason) == json_error_out_of_memory) return cs_fail_memory(error, file);
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a JSON object: %s (byte %d of the JSON)", file, reason.text,
                       reason.position);
    }
    if (!json_is_object(value)) {
        json_decref(value);
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected a JSON object, found an array", file);
    }
    *json = value;
    return CS_OK;
}

/* A calibration as a file. */
#include <math.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "model/calibration.h"
#include "model/json.h"

static const char FORMAT[] = "clipsight calibration";

enum { VERSION = 1 };

/* A required member that is a number from low to high. */
static cs_status read_number(const char *path, const json_t *object, const char *key, double low, double high,
                             double *value, cs_error *error) {
    const json_t *found = cs_json_get(object, key);
    double number = json_number_value(found);
    if (!json_is_number(found) || !(number >= low && number <= high))
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"%s\": expected a number from %g to %g", path, key, low, high);
    *value = number;
    return CS_OK;
}

/* A required member that is a text of 1 to size - 1 bytes. */
static cs_status read_text(const char *path, const json_t *object, const char *key, size_t size, char *value,
                           cs_error *error) {
    const char *text = json_string_value(cs_json_get(object, key));
    if (!text || text[0] == '\0' || strlen(text) >= size)
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"%s\": expected a text of at most %zu letters", path, key, size - 1);
    memcpy(value, text, strlen(text) + 1);
    return CS_OK;
}

static cs_status check_format(const char *path, const json_t *object, cs_error *error) {
    const char *format = json_string_value(cs_json_get(object, "format"));
    const json_t *version = cs_json_get(object, "version");
    if (!format || strcmp(format, FORMAT) != 0)
        return cs_fail(error, CS_ERR_FORMAT, "%s: \"format\": expected \"%s\"", path, FORMAT);
    if (!json_is_integer(version) || json_integer_value(version) != VERSION)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: \"version\": expected %d", path, VERSION);
    return CS_OK;
}

static cs_status read_weights(const char *path, const json_t *object, cs_calibration *calibration, cs_error *error) {
    cs_status status = read_text(path, object, "weights", sizeof calibration->weights, calibration->weights, error);
    if (status != CS_OK) return status;
    if (strspn(calibration->weights, "0123456789abcdef") == CS_WEIGHTS_ID_SIZE - 1) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: \"weights\": expected %d hexadecimal digits, found \"%s\"", path,
                   CS_WEIGHTS_ID_SIZE - 1, calibration->weights);
}

/* Negative factors would call the doubtful surer than the sure. */
static cs_status read_numbers(const char *path, const json_t *object, cs_calibration *calibration, cs_error *error) {
    const double most = 1000;
    int photographs = 0, pairs = 0;
    cs_status status = read_number(path, object, "intercept", -most, most, &calibration->intercept, error);
    if (status == CS_OK) status = read_number(path, object, "evidence", 0, most, &calibration->evidence, error);
    if (status == CS_OK) status = read_number(path, object, "spread", 0, most, &calibration->spread, error);
    if (status == CS_OK) status = read_number(path, object, "min_score", 0, 1, &calibration->min_score, error);
    if (status == CS_OK) status = cs_json_int(path, object, "photographs", 0, 1000000000, &photographs, error);
    if (status == CS_OK) status = cs_json_int(path, object, "pairs", 0, 1000000000, &pairs, error);
    calibration->photographs = (size_t)photographs;
    calibration->pairs = (size_t)pairs;
    return status;
}

cs_status cs_calibration_read(const char *path, cs_calibration *calibration, cs_error *error) {
    json_t *object = NULL;
    cs_calibration read = {.is_set = 1};
    cs_status status = cs_json_load(path, &object, error);
    if (status != CS_OK) return status;
    status = check_format(path, object, error);
    if (status == CS_OK) status = read_weights(path, object, &read, error);
    if (status == CS_OK) status = read_text(path, object, "method", sizeof read.method, read.method, error);
    if (status == CS_OK) status = read_numbers(path, object, &read, error);
    json_decref(object);
    if (status == CS_OK) *calibration = read;
    return status;
}

static json_t *to_json(const cs_calibration *calibration) {
    return json_pack("{s:s, s:i, s:s, s:s, s:f, s:f, s:f, s:f, s:I, s:I}", "format", FORMAT, "version", VERSION,
                     "weights", calibration->weights, "method", calibration->method, "intercept",
                     calibration->intercept, "evidence", calibration->evidence, "spread", calibration->spread,
                     "min_score", calibration->min_score, "photographs", (json_int_t)calibration->photographs, "pairs",
                     (json_int_t)calibration->pairs);
}

cs_status cs_calibration_save(const char *path, const cs_calibration *calibration, cs_error *error) {
    json_t *object = to_json(calibration);
    if (!object) return cs_fail_memory(error, "a calibration");
    cs_output output;
    cs_status status = cs_output_open(path, &output, error);
    if (status == CS_OK) {
        int written = json_dumpf(object, output.file, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) == 0 &&
                      fputc('\n', output.file) != EOF;
        if (written) {
            status = cs_output_commit(&output, error);
        } else {
            cs_output_discard(&output);
            status = cs_fail(error, CS_ERR_IO, "%s: cannot write", path);
        }
    }
    json_decref(object);
    return status;
}

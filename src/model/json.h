/* Reading configuration files: JSON values with defaults and ranges, and errors that name file and key. */
#ifndef CS_MODEL_JSON_H
#define CS_MODEL_JSON_H

#include <jansson.h>

#include "clipsight.h"

/* Reads a JSON object from a file of at most 64 MB. The caller releases it with json_decref(). */
cs_status cs_json_load(const char *path, json_t **object, cs_error *error);

/* A member of `object`, or NULL where it is missing or null. */
json_t *cs_json_get(const json_t *object, const char *key);

/* Each leaves *value as it is where the key is missing or null. `path` stands for the file in errors. */
cs_status cs_json_int(const char *path, const json_t *object, const char *key, int low, int high, int *value,
                      cs_error *error);
cs_status cs_json_float(const char *path, const json_t *object, const char *key, float *value, cs_error *error);

/* Exactly three numbers. */
cs_status cs_json_float3(const char *path, const json_t *object, const char *key, float value[3], cs_error *error);

#endif

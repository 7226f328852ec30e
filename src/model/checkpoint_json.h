/* JSON of a checkpoint: a safetensors header or a shard index. */
#ifndef CS_MODEL_CHECKPOINT_JSON_H
#define CS_MODEL_CHECKPOINT_JSON_H

#include <jansson.h>

#include "clipsight.h"

/* The longest JSON that is read: the limit that the safetensors format sets for its header. */
#define CS_CHECKPOINT_JSON_LIMIT 100000000

/* Parses one JSON object with nothing but white space around it. Keys that occur twice are refused; so are numbers that
 * do not fit and strings that hold NUL. *json is released with json_decref(). */
cs_status cs_checkpoint_json(const void *bytes, size_t size, const char *file, json_t **json, cs_error *error);

#endif

/* The index of a sharded checkpoint: which of several files beside it holds which tensor. */
#ifndef CS_MODEL_CHECKPOINT_INDEX_H
#define CS_MODEL_CHECKPOINT_INDEX_H

#include <jansson.h>

#include "clipsight.h"

typedef struct cs_shard_index {
    json_t *json;
    json_t *weight_map;  /* tensor name -> file name; every value is a safe file name; owned by json */
    const char **shards; /* [count], each file name once, in byte order; owned by json */
    size_t count;
} cs_shard_index;

/* Reads model.safetensors.index.json. File names that could lead out of the index's folder are refused. */
cs_status cs_shard_index_read(const char *file, cs_shard_index *index, cs_error *error);
void cs_shard_index_free(cs_shard_index *index);

#endif

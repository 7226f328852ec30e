/* What a cs_checkpoint consists of; for checkpoint*.c and safetensors_write.c alone. */
#ifndef CS_MODEL_CHECKPOINT_INTERNAL_H
#define CS_MODEL_CHECKPOINT_INTERNAL_H

#include "base/file.h"
#include "model/safetensors.h"

typedef struct cs_shard {
    char *path;
    cs_mapping mapping;
    cs_tensor_list tensors;
} cs_shard;

struct cs_checkpoint {
    char *file; /* as given to cs_checkpoint_open(), for messages */
    cs_shard *shards;
    size_t shard_count;
    cs_tensor *tensors; /* [count] of all shards, sorted by name */
    size_t count;
};

/* Gives the pages behind a tensor back to the system; its data can still be read, from the file again. Weights are read
 * once and then live elsewhere: without this, loading would take the file's size in memory as well. */
void cs_tensor_give_back(const cs_tensor *tensor);

#endif

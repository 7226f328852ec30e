#include "model/checkpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/checkpoint_index.h"
#include "model/checkpoint_internal.h"
#include "model/pytorch.h"

/* Takes over `path`, which may be NULL after a failed allocation. */
static cs_status open_shard(cs_checkpoint *checkpoint, char *path, cs_error *error) {
    cs_shard *shard = &checkpoint->shards[checkpoint->shard_count];
    if (!path) return cs_fail_memory(error, checkpoint->file);
    shard->path = path;
    checkpoint->shard_count++; /* from here on cs_checkpoint_close() releases it */
    cs_status status = cs_file_map(path, &shard->mapping, error);
    if (status != CS_OK) return status;
    const cs_mapping *mapping = &shard->mapping;
    if (cs_pytorch_recognise(mapping->data, mapping->size))
        return cs_pytorch_parse(mapping->data, mapping->size, path, &shard->tensors, error);
    return cs_safetensors_parse(mapping->data, mapping->size, path, &shard->tensors, error);
}

static cs_status make_shards(cs_checkpoint *checkpoint, size_t count, cs_error *error) {
    checkpoint->shards = cs_alloc_zero(count, sizeof *checkpoint->shards);
    return checkpoint->shards ? CS_OK : cs_fail_memory(error, checkpoint->file);
}

static cs_status open_single(cs_checkpoint *checkpoint, cs_error *error) {
    cs_status status = make_shards(checkpoint, 1, error);
    return status == CS_OK ? open_shard(checkpoint, cs_strdup(checkpoint->file), error) : status;
}

/* "folder/name" where the index is "folder/model.safetensors.index.json"; NULL where memory is short. */
static char *beside(const char *index, const char *name) {
    const char *slash = strrchr(index, '/');
    if (!slash) return cs_strdup(name);
    char *folder = cs_strdup(index);
    if (!folder) return NULL;
    folder[slash - index + 1] = '\0';
    char *path = cs_path_join(folder, name);
    free(folder);
    return path;
}

/* Every tensor must be in the shard where the index places it. index->shards and the checkpoint's run in parallel. */
static cs_status check_places(const cs_checkpoint *checkpoint, const cs_shard_index *index, cs_error *error) {
    const char *tensor;
    json_t *value;
    json_object_foreach(index->weight_map, tensor, value) {
        const char *name = json_string_value(value);
        size_t i = 0;
        while (strcmp(index->shards[i], name) != 0)
            i++;
        const cs_tensor_list *list = &checkpoint->shards[i].tensors;
        if (!cs_tensor_search(list->items, list->count, tensor))
            return cs_fail_tensor(error, CS_ERR_FORMAT, checkpoint->file, tensor,
                                  "listed in '%.100s', which does not hold it", name);
    }
    return CS_OK;
}

static cs_status open_listed(cs_checkpoint *checkpoint, const cs_shard_index *index, cs_error *error) {
    cs_status status = make_shards(checkpoint, index->count, error);
    for (size_t i = 0; status == CS_OK && i < index->count; i++)
        status = open_shard(checkpoint, beside(checkpoint->file, index->shards[i]), error);
    return status == CS_OK ? check_places(checkpoint, index, error) : status;
}

static cs_status open_sharded(cs_checkpoint *checkpoint, cs_error *error) {
    cs_shard_index index;
    cs_status status = cs_shard_index_read(checkpoint->file, &index, error);
    if (status != CS_OK) return status;
    status = open_listed(checkpoint, &index, error);
    cs_shard_index_free(&index);
    return status;
}

/* Within one file names are unique already; between shards nothing but this sees to it. */
static cs_status check_unique(const cs_checkpoint *checkpoint, cs_error *error) {
    for (size_t i = 1; i < checkpoint->count; i++) {
        const char *name = checkpoint->tensors[i].name;
        if (strcmp(name, checkpoint->tensors[i - 1].name) == 0)
            return cs_fail_tensor(error, CS_ERR_FORMAT, checkpoint->file, name, "in more than one shard");
    }
    return CS_OK;
}

/* All shards' tensors in one sorted array. */
static cs_status gather(cs_checkpoint *checkpoint, cs_error *error) {
    size_t total = 0;
    for (size_t i = 0; i < checkpoint->shard_count; i++)
        total += checkpoint->shards[i].tensors.count;
    checkpoint->tensors = cs_alloc(total, sizeof *checkpoint->tensors);
    if (!checkpoint->tensors) return cs_fail_memory(error, checkpoint->file);
    for (size_t i = 0; i < checkpoint->shard_count; i++) {
        const cs_tensor_list *list = &checkpoint->shards[i].tensors;
        memcpy(checkpoint->tensors + checkpoint->count, list->items, list->count * sizeof *list->items);
        checkpoint->count += list->count;
    }
    qsort(checkpoint->tensors, checkpoint->count, sizeof *checkpoint->tensors, cs_tensor_compare_names);
    return check_unique(checkpoint, error);
}

static int ends_in(const char *string, const char *ending) {
    size_t length = strlen(string), tail = strlen(ending);
    return length >= tail && strcmp(string + length - tail, ending) == 0;
}

static cs_status fill(cs_checkpoint *checkpoint, const char *file, cs_error *error) {
    checkpoint->file = cs_strdup(file);
    if (!checkpoint->file) return cs_fail_memory(error, file);
    cs_status status = ends_in(file, ".index.json") ? open_sharded(checkpoint, error) : open_single(checkpoint, error);
    return status == CS_OK ? gather(checkpoint, error) : status;
}

cs_status cs_checkpoint_open(const char *file, cs_checkpoint **checkpoint, cs_error *error) {
    *checkpoint = NULL;
    cs_checkpoint *opened = cs_alloc_zero(1, sizeof *opened);
    if (!opened) return cs_fail_memory(error, file);
    cs_status status = fill(opened, file, error);
    if (status != CS_OK) {
        cs_checkpoint_close(opened);
        return status;
    }
    *checkpoint = opened;
    return CS_OK;
}

void cs_checkpoint_close(cs_checkpoint *checkpoint) {
    if (!checkpoint) return;
    for (size_t i = 0; i < checkpoint->shard_count; i++) {
        cs_tensor_list_free(&checkpoint->shards[i].tensors);
        cs_file_unmap(&checkpoint->shards[i].mapping);
        free(checkpoint->shards[i].path);
    }
    free(checkpoint->shards);
    free(checkpoint->tensors);
    free(checkpoint->file);
    free(checkpoint);
}

size_t cs_checkpoint_count(const cs_checkpoint *checkpoint) {
    return checkpoint->count;
}

const cs_tensor *cs_checkpoint_at(const cs_checkpoint *checkpoint, size_t index) {
    return &checkpoint->tensors[index];
}

const cs_tensor *cs_checkpoint_find(const cs_checkpoint *checkpoint, const char *name) {
    return cs_tensor_search(checkpoint->tensors, checkpoint->count, name);
}

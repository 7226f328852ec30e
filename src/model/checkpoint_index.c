#include "model/checkpoint_index.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/checkpoint_json.h"
#include "model/safetensors.h"

/* An index comes with downloaded data: it must not make us open files elsewhere. */
static int is_safe_name(const char *name) {
    return name[0] && !strpbrk(name, "/\\") && !strstr(name, "..") && strcmp(name, ".") != 0;
}

static int compare_strings(const void *a, const void *b) {
    const char *const *first = a, *const *second = b;
    return strcmp(*first, *second);
}

/* All file names, checked; one per tensor. */
static cs_status collect(const char *file, cs_shard_index *index, cs_error *error) {
    const char *tensor;
    json_t *value;
    index->shards = cs_alloc(json_object_size(index->weight_map), sizeof *index->shards);
    if (!index->shards) return cs_fail_memory(error, file);
    json_object_foreach(index->weight_map, tensor, value) {
        const char *name = json_string_value(value);
        if (!name) return cs_fail_tensor(error, CS_ERR_FORMAT, file, tensor, "expected a file name in weight_map");
        if (!is_safe_name(name))
            return cs_fail_tensor(error, CS_ERR_FORMAT, file, tensor,
                                  "expected the plain name of a file beside the index, found '%.100s'", name);
        index->shards[index->count++] = name;
    }
    return CS_OK;
}

static void keep_each_once(cs_shard_index *index) {
    size_t kept = 0;
    qsort(index->shards, index->count, sizeof *index->shards, compare_strings);
    for (size_t i = 0; i < index->count; i++)
        if (i == 0 || strcmp(index->shards[i], index->shards[kept - 1]) != 0) index->shards[kept++] = index->shards[i];
    index->count = kept;
}

static cs_status read_json(const char *file, json_t **json, cs_error *error) {
    char *text;
    size_t size;
    cs_status status = cs_file_read(file, CS_CHECKPOINT_JSON_LIMIT, &text, &size, error);
    if (status != CS_OK) return status;
    status = cs_checkpoint_json(text, size, file, json, error);
    free(text);
    return status;
}

cs_status cs_shard_index_read(const char *file, cs_shard_index *index, cs_error *error) {
    *index = (cs_shard_index){NULL, NULL, NULL, 0};
    cs_status status = read_json(file, &index->json, error);
    if (status != CS_OK) return status;
    index->weight_map = json_object_get(index->json, "weight_map");
    if (json_object_size(index->weight_map) == 0)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: expected an object \"weight_map\" that names tensors", file);
    else
        status = collect(file, index, error);
    if (status == CS_OK)
        keep_each_once(index);
    else
        cs_shard_index_free(index);
    return status;
}

void cs_shard_index_free(cs_shard_index *index) {
    json_decref(index->json);
    free(index->shards);
    *index = (cs_shard_index){NULL, NULL, NULL, 0};
}

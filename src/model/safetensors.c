#include "model/safetensors.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/checkpoint_json.h"

#define LENGTH_BYTES 8
#define METADATA "__metadata__"

/* The header's length N, checked against the format's limit and the file. */
static cs_status header_size(const uint8_t *bytes, size_t size, const char *file, size_t *header, cs_error *error) {
    if (size < LENGTH_BYTES)
        return cs_fail(error, CS_ERR_FORMAT, "%s: %zu bytes, too short for a safetensors file", file, size);
    uint64_t length = 0;
    for (int i = LENGTH_BYTES - 1; i >= 0; i--)
        length = length << 8 | bytes[i];
    if (length > CS_CHECKPOINT_JSON_LIMIT)
        return cs_fail(error, CS_ERR_FORMAT, "%s: header of %llu bytes, expected at most %d: not a safetensors file",
                       file, (unsigned long long)length, CS_CHECKPOINT_JSON_LIMIT);
    if (length > size - LENGTH_BYTES)
        return cs_fail(error, CS_ERR_FORMAT, "%s: header of %llu bytes, found only %zu: is the file cut short?", file,
                       (unsigned long long)length, size - LENGTH_BYTES);
    *header = (size_t)length;
    return CS_OK;
}

static cs_status check_metadata(const char *file, json_t *header, cs_error *error) {
    json_t *metadata = json_object_get(header, METADATA), *value;
    const char *key;
    if (!metadata || json_is_null(metadata)) return CS_OK;
    if (!json_is_object(metadata))
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected an object of strings as %s", file, METADATA);
    json_object_foreach(metadata, key, value) {
        if (!json_is_string(value))
            return cs_fail(error, CS_ERR_FORMAT, "%s: expected a string as %s.%.100s", file, METADATA, key);
    }
    return CS_OK;
}

/* Room for all tensors and all their names, each in one block. */
static cs_status make_room(const char *file, json_t *header, cs_tensor_list *list, cs_error *error) {
    size_t bytes = 0;
    const char *key;
    json_t *value;
    json_object_foreach(header, key, value) bytes += strlen(key) + 1;
    list->items = cs_alloc_zero(json_object_size(header), sizeof *list->items);
    list->names = cs_alloc(bytes, 1);
    return list->items && list->names ? CS_OK : cs_fail_memory(error, file);
}

static cs_status read_entries(const cs_safetensors_data *data, json_t *header, cs_tensor_list *list, cs_error *error) {
    char *name = list->names;
    const char *key;
    json_t *value;
    json_object_foreach(header, key, value) {
        if (strcmp(key, METADATA) == 0) continue;
        cs_tensor *tensor = &list->items[list->count];
        cs_status status = cs_safetensors_entry(data, key, value, tensor, error);
        if (status != CS_OK) return status;
        size_t size = strlen(key) + 1;
        tensor->name = memcpy(name, key, size);
        name += size;
        list->count++;
    }
    return CS_OK;
}

/* By place in the file; of tensors that begin together an empty one comes first, so that the next begins at its end. */
static int compare_places(const void *a, const void *b) {
    const cs_tensor *first = a, *second = b;
    if (first->data != second->data) return (uintptr_t)first->data < (uintptr_t)second->data ? -1 : 1;
    return (first->bytes > second->bytes) - (first->bytes < second->bytes);
}

/* The tensors must cover the data without holes and overlaps: bytes that no tensor claims could hide anything, and
 * shared bytes mean that the header is damaged. Sorts the list by place. */
static cs_status check_layout(const cs_safetensors_data *data, cs_tensor_list *list, cs_error *error) {
    size_t expected = 0;
    qsort(list->items, list->count, sizeof *list->items, compare_places);
    for (size_t i = 0; i < list->count; i++) {
        const cs_tensor *tensor = &list->items[i];
        size_t begin = (size_t)((const uint8_t *)tensor->data - data->bytes);
        if (begin != expected)
            return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, tensor->name,
                                  "begins at byte %zu of the data, expected %zu: %s", begin, expected,
                                  begin < expected ? "it overlaps another tensor" : "there is a hole before it");
        expected = begin + tensor->bytes;
    }
    if (expected == data->size) return CS_OK;
    return cs_fail(error, CS_ERR_FORMAT, "%s: %zu bytes behind the last tensor, expected none", data->file,
                   data->size - expected);
}

static cs_status read_header(const cs_safetensors_data *data, json_t *header, cs_tensor_list *list, cs_error *error) {
    cs_status status = check_metadata(data->file, header, error);
    if (status == CS_OK) status = make_room(data->file, header, list, error);
    if (status == CS_OK) status = read_entries(data, header, list, error);
    if (status == CS_OK) status = check_layout(data, list, error);
    return status;
}

cs_status cs_safetensors_parse(const uint8_t *bytes, size_t size, const char *file, cs_tensor_list *list,
                               cs_error *error) {
    size_t length = 0;
    json_t *header;
    cs_status status = header_size(bytes, size, file, &length, error);
    if (status == CS_OK) status = cs_checkpoint_json(bytes + LENGTH_BYTES, length, file, &header, error);
    if (status != CS_OK) return status;
    size_t start = LENGTH_BYTES + length;
    cs_safetensors_data data = {file, bytes + start, size - start};
    cs_tensor_list found = {NULL, 0, NULL};
    status = read_header(&data, header, &found, error);
    json_decref(header);
    if (status != CS_OK) {
        cs_tensor_list_free(&found);
        return status;
    }
    qsort(found.items, found.count, sizeof *found.items, cs_tensor_compare_names);
    *list = found;
    return CS_OK;
}

void cs_tensor_list_free(cs_tensor_list *list) {
    free(list->items);
    free(list->names);
    *list = (cs_tensor_list){NULL, 0, NULL};
}

int cs_tensor_compare_names(const void *a, const void *b) {
    const cs_tensor *first = a, *second = b;
    return strcmp(first->name, second->name);
}

const cs_tensor *cs_tensor_search(const cs_tensor *tensors, size_t count, const char *name) {
    cs_tensor key = {.name = name};
    return bsearch(&key, tensors, count, sizeof *tensors, cs_tensor_compare_names);
}

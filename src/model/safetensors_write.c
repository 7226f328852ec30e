#include "model/safetensors_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"
#include "model/checkpoint_dtype.h"
#include "model/checkpoint_internal.h"
#include "model/checkpoint_json.h"

enum { ALIGNMENT = 8, PIECE = 16 << 20 };
#define METADATA "__metadata__"

/* The reference's order of types, last ones first in the file: so each tensor begins at a multiple of its width. */
static const int ranks[] = {[CS_BOOL] = 0, [CS_U8] = 1,   [CS_I8] = 2,   [CS_F8_E5M2] = 3, [CS_F8_E4M3] = 4,
                            [CS_I16] = 5,  [CS_U16] = 6,  [CS_F16] = 7,  [CS_BF16] = 8,    [CS_I32] = 9,
                            [CS_U32] = 10, [CS_F32] = 11, [CS_F64] = 12, [CS_I64] = 13,    [CS_U64] = 14};

static int compare_places(const void *a, const void *b) {
    const cs_tensor *const *first = a, *const *second = b;
    int difference = ranks[(*second)->dtype] - ranks[(*first)->dtype];
    return difference ? difference : strcmp((*first)->name, (*second)->name);
}

/* All tensors in the order of the file; NULL where memory is short. */
static const cs_tensor **sort_tensors(const cs_checkpoint *checkpoint) {
    const cs_tensor **sorted = cs_alloc(checkpoint->count, sizeof *sorted);
    if (!sorted) return NULL;
    for (size_t i = 0; i < checkpoint->count; i++)
        sorted[i] = &checkpoint->tensors[i];
    qsort(sorted, checkpoint->count, sizeof *sorted, compare_places);
    return sorted;
}

/* {"dtype": "F32", "shape": [512, 768], "data_offsets": [0, 1572864]}; NULL where memory is short. */
static json_t *entry(const cs_tensor *tensor, size_t begin) {
    json_t *shape = json_array();
    for (int i = 0; i < tensor->dims; i++)
        json_array_append_new(shape, json_integer(tensor->shape[i])); /* what this misses is seen below */
    if (json_array_size(shape) != (size_t)tensor->dims) {
        json_decref(shape);
        return NULL;
    }
    return json_pack("{s:s, s:o, s:[I, I]}", "dtype", cs_dtype_name(tensor->dtype), "shape", shape, "data_offsets",
                     (json_int_t)begin, (json_int_t)(begin + tensor->bytes));
}

static cs_status describe(const cs_checkpoint *checkpoint, const cs_tensor **sorted, json_t *header, cs_error *error) {
    size_t begin = 0;
    if (json_object_set_new(header, METADATA, json_pack("{s:s}", "format", "pt")) != 0)
        return cs_fail_memory(error, checkpoint->file);
    for (size_t i = 0; i < checkpoint->count; i++) {
        const cs_tensor *tensor = sorted[i];
        if (strcmp(tensor->name, METADATA) == 0)
            return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, checkpoint->file, tensor->name,
                                  "safetensors has no room for a tensor of that name");
        if (tensor->bytes > (size_t)INT64_MAX - begin)
            return cs_fail_tensor(error, CS_ERR_LIMIT, checkpoint->file, tensor->name, "the file would be too large");
        if (json_object_set_new(header, tensor->name, entry(tensor, begin)) != 0)
            return cs_fail_memory(error, checkpoint->file);
        begin += tensor->bytes;
    }
    return CS_OK;
}

/* The header's JSON; *text is released with free(), whether this succeeds or not. */
static cs_status make_header(const cs_checkpoint *checkpoint, const cs_tensor **sorted, char **text, cs_error *error) {
    json_t *header = json_object();
    *text = NULL;
    if (!header) return cs_fail_memory(error, checkpoint->file);
    cs_status status = describe(checkpoint, sorted, header, error);
    if (status == CS_OK) *text = json_dumps(header, JSON_COMPACT);
    json_decref(header);
    if (status != CS_OK) return status;
    if (!*text) return cs_fail_memory(error, checkpoint->file);
    if (strlen(*text) <= CS_CHECKPOINT_JSON_LIMIT - ALIGNMENT) return CS_OK;
    return cs_fail(error, CS_ERR_LIMIT, "%s: a header of %zu bytes, expected at most %d", checkpoint->file,
                   strlen(*text), CS_CHECKPOINT_JSON_LIMIT - ALIGNMENT);
}

/* A full disk is often noticed here, while errno still says so. */
static cs_status put(cs_output *output, const void *bytes, size_t size, cs_error *error) {
    if (size == 0 || fwrite(bytes, 1, size, output->file) == size) return CS_OK;
    return cs_fail(error, CS_ERR_IO, "%s: cannot write: %s", output->path, strerror(errno));
}

/* Length, JSON, and spaces up to a multiple of eight bytes. */
static cs_status put_header(cs_output *output, const char *text, cs_error *error) {
    size_t length = strlen(text), padding = (ALIGNMENT - length % ALIGNMENT) % ALIGNMENT;
    uint64_t total = length + padding;
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(total >> 8 * i);
    cs_status status = put(output, bytes, sizeof bytes, error);
    if (status == CS_OK) status = put(output, text, length, error);
    return status == CS_OK ? put(output, "       ", padding, error) : status;
}

/* In pieces, so that no more than one of them needs to be in memory. */
static cs_status put_tensor(cs_output *output, const cs_tensor *tensor, cs_error *error) {
    cs_status status = CS_OK;
    for (size_t done = 0; status == CS_OK && done < tensor->bytes; done += PIECE) {
        cs_tensor piece = {.data = (const uint8_t *)tensor->data + done, .bytes = tensor->bytes - done};
        if (piece.bytes > PIECE) piece.bytes = PIECE;
        status = put(output, piece.data, piece.bytes, error);
        cs_tensor_give_back(&piece);
    }
    return status;
}

static cs_status put_tensors(cs_output *output, const cs_checkpoint *checkpoint, const cs_tensor **sorted,
                             cs_error *error) {
    cs_status status = CS_OK;
    for (size_t i = 0; status == CS_OK && i < checkpoint->count; i++)
        status = put_tensor(output, sorted[i], error);
    return status;
}

static cs_status write_file(const cs_checkpoint *checkpoint, const cs_tensor **sorted, const char *header,
                            const char *path, cs_error *error) {
    cs_output output;
    cs_status status = cs_output_open(path, &output, error);
    if (status != CS_OK) return status;
    status = put_header(&output, header, error);
    if (status == CS_OK) status = put_tensors(&output, checkpoint, sorted, error);
    if (status == CS_OK) return cs_output_commit(&output, error);
    cs_output_discard(&output);
    return status;
}

cs_status cs_checkpoint_write(const cs_checkpoint *checkpoint, const char *path, cs_error *error) {
    char *header;
    const cs_tensor **sorted = sort_tensors(checkpoint);
    if (!sorted) return cs_fail_memory(error, path);
    cs_status status = make_header(checkpoint, sorted, &header, error);
    if (status == CS_OK) status = write_file(checkpoint, sorted, header, path, error);
    free(header);
    free(sorted);
    return status;
}

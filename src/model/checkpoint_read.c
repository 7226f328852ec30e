#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "model/checkpoint_dtype.h"
#include "model/checkpoint_internal.h"
#include "model/half.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "checkpoints are little-endian and are not swapped");

#define SHAPE_TEXT 192 /* eight numbers of up to 20 characters with separators and brackets */

/* "[512, 768]" */
static const char *shape_text(int dims, const int64_t *shape, char text[SHAPE_TEXT]) {
    size_t length = (size_t)snprintf(text, SHAPE_TEXT, "[");
    for (int i = 0; i < dims && length < SHAPE_TEXT - 24; i++)
        length += (size_t)snprintf(text + length, SHAPE_TEXT - length, "%s%lld", i ? ", " : "", (long long)shape[i]);
    snprintf(text + length, SHAPE_TEXT - length, "]");
    return text;
}

/* True if `name` is `tail` with something and a dot before it, as "model.bias" is of "bias". */
static int has_tail(const char *name, const char *tail) {
    size_t length = strlen(name), part = strlen(tail);
    return part > 0 && length > part && name[length - part - 1] == '.' && strcmp(name + length - part, tail) == 0;
}

/* Checkpoints of one network differ mostly in a prefix: say so where that is all that is wrong. */
static cs_status fail_missing(const cs_checkpoint *checkpoint, const char *name, cs_error *error) {
    for (size_t i = 0; i < checkpoint->count; i++) {
        const char *other = checkpoint->tensors[i].name;
        if (has_tail(other, name) || has_tail(name, other))
            return cs_fail_tensor(error, CS_ERR_FORMAT, checkpoint->file, name, "missing; there is '%.150s'", other);
    }
    return cs_fail_tensor(error, CS_ERR_FORMAT, checkpoint->file, name, "missing");
}

static int same_shape(const cs_tensor *tensor, int dims, const int64_t *shape) {
    if (tensor->dims != dims) return 0;
    for (int i = 0; i < dims; i++)
        if (tensor->shape[i] != shape[i]) return 0;
    return 1;
}

static cs_status check_shape(const cs_checkpoint *checkpoint, const cs_tensor *tensor, int dims, const int64_t *shape,
                             cs_error *error) {
    char expected[SHAPE_TEXT], found[SHAPE_TEXT];
    if (same_shape(tensor, dims, shape)) return CS_OK;
    return cs_fail_tensor(error, CS_ERR_FORMAT, checkpoint->file, tensor->name, "expected shape %.110s, found %.110s",
                          shape_text(dims, shape, expected), shape_text(tensor->dims, tensor->shape, found));
}

static int is_readable(cs_dtype dtype) {
    return dtype == CS_F32 || dtype == CS_F16 || dtype == CS_BF16;
}

/* `count` numbers of a readable type from number `first` on. */
static void convert(const cs_tensor *tensor, size_t first, size_t count, float *out) {
    const char *from = (const char *)tensor->data + first * cs_dtype_size(tensor->dtype);
    if (tensor->dtype == CS_F32)
        memcpy(out, from, count * sizeof *out);
    else if (tensor->dtype == CS_F16)
        cs_halves_to_floats(from, count, out);
    else
        cs_bfloats_to_floats(from, count, out);
}

/* The tensor, of exactly this shape and of a type that can be read. */
static cs_status find(const cs_checkpoint *checkpoint, const char *name, int dims, const int64_t *shape,
                      const cs_tensor **tensor, cs_error *error) {
    *tensor = cs_checkpoint_find(checkpoint, name);
    if (!*tensor) return fail_missing(checkpoint, name, error);
    cs_status status = check_shape(checkpoint, *tensor, dims, shape, error);
    if (status != CS_OK || is_readable((*tensor)->dtype)) return status;
    return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, checkpoint->file, name,
                          "expected dtype F32, F16 or BF16, found %s", cs_dtype_name((*tensor)->dtype));
}

/* Pages at the ends that belong to neighbours too stay. This is advice: nothing depends on its success. */
void cs_tensor_give_back(const cs_tensor *tensor) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t begin = ((uintptr_t)tensor->data + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)tensor->data + tensor->bytes) / page * page;
    if (begin < end) madvise((void *)begin, end - begin, MADV_DONTNEED);
}

cs_status cs_checkpoint_read(const cs_checkpoint *checkpoint, const char *name, int dims, const int64_t *shape,
                             float *out, cs_error *error) {
    const cs_tensor *tensor;
    cs_status status = find(checkpoint, name, dims, shape, &tensor, error);
    if (status != CS_OK) return status;
    convert(tensor, 0, tensor->bytes / cs_dtype_size(tensor->dtype), out);
    cs_tensor_give_back(tensor);
    return CS_OK;
}

cs_status cs_checkpoint_table(const cs_checkpoint *checkpoint, const char *name, int64_t rows, int64_t width,
                              cs_table *table, cs_error *error) {
    const int64_t shape[] = {rows, width};
    const cs_tensor *tensor;
    cs_status status = find(checkpoint, name, 2, shape, &tensor, error);
    if (status == CS_OK) *table = (cs_table){tensor, (size_t)width};
    return status;
}

void cs_table_row(const cs_table *table, size_t row, float *out) {
    convert(table->tensor, row * table->width, table->width, out);
}

void cs_table_rest(const cs_table *table) {
    cs_tensor_give_back(table->tensor);
}

#include <stdarg.h>
#include <stdio.h>

#include "base/alloc.h"
#include "base/error.h"
#include "model/checkpoint_dtype.h"
#include "model/safetensors.h"

cs_status cs_fail_tensor(cs_error *error, cs_status code, const char *file, const char *name, const char *format, ...) {
    char problem[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    /* A hostile name of a megabyte must not push the problem out of the message. */
    return cs_fail(error, code, "%s: tensor '%.150s': %s", file, name, problem);
}

static cs_status read_dtype(const char *file, const char *name, const json_t *value, cs_dtype *dtype, cs_error *error) {
    if (!json_is_string(value)) return cs_fail_tensor(error, CS_ERR_FORMAT, file, name, "expected a string as dtype");
    if (cs_dtype_find(json_string_value(value), dtype)) return CS_OK;
    return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, file, name, "unknown dtype '%.40s'", json_string_value(value));
}

/* *elements is the product of the shape, 1 for []. */
static cs_status read_shape(const char *file, const char *name, const json_t *value, cs_tensor *tensor,
                            size_t *elements, cs_error *error) {
    if (!json_is_array(value)) return cs_fail_tensor(error, CS_ERR_FORMAT, file, name, "expected an array as shape");
    size_t dims = json_array_size(value);
    if (dims > CS_TENSOR_MAX_DIMS)
        return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, file, name, "%zu dimensions, expected at most %d", dims,
                              CS_TENSOR_MAX_DIMS);
    *elements = 1;
    for (size_t i = 0; i < dims; i++) {
        const json_t *extent = json_array_get(value, i);
        if (!json_is_integer(extent) || json_integer_value(extent) < 0)
            return cs_fail_tensor(error, CS_ERR_FORMAT, file, name, "expected whole numbers from 0 as shape");
        tensor->shape[i] = json_integer_value(extent);
        if (cs_mul_overflow(*elements, (size_t)tensor->shape[i], elements))
            return cs_fail_tensor(error, CS_ERR_FORMAT, file, name, "the product of its shape overflows");
    }
    tensor->dims = (int)dims;
    return CS_OK;
}

static cs_status read_offsets(const cs_safetensors_data *data, const char *name, const json_t *value, cs_tensor *tensor,
                              cs_error *error) {
    const json_t *begin = json_array_get(value, 0), *end = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_integer(begin) || !json_is_integer(end))
        return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, name, "expected two whole numbers as data_offsets");
    json_int_t from = json_integer_value(begin), to = json_integer_value(end);
    if (from < 0 || to < from)
        return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, name,
                              "expected data_offsets from 0 that do not fall, found [%lld, %lld]", from, to);
    if ((unsigned long long)to > data->size)
        return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, name,
                              "ends at byte %lld of the data, which has %zu: is the file cut short?", to, data->size);
    tensor->data = data->bytes + from;
    tensor->bytes = (size_t)(to - from);
    return CS_OK;
}

cs_status cs_safetensors_entry(const cs_safetensors_data *data, const char *name, const json_t *entry,
                               cs_tensor *tensor, cs_error *error) {
    if (!json_is_object(entry)) return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, name, "expected an object");
    size_t elements, bytes;
    cs_status status = read_dtype(data->file, name, json_object_get(entry, "dtype"), &tensor->dtype, error);
    if (status == CS_OK)
        status = read_shape(data->file, name, json_object_get(entry, "shape"), tensor, &elements, error);
    if (status == CS_OK) status = read_offsets(data, name, json_object_get(entry, "data_offsets"), tensor, error);
    if (status != CS_OK) return status;
    if (cs_mul_overflow(elements, cs_dtype_size(tensor->dtype), &bytes) || bytes != tensor->bytes)
        return cs_fail_tensor(error, CS_ERR_FORMAT, data->file, name,
                              "%zu elements of %s do not fill the %zu bytes that its data_offsets span", elements,
                              cs_dtype_name(tensor->dtype), tensor->bytes);
    return CS_OK;
}

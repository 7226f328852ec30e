/* The few functions that a pickled state dict calls, made without Python. */
#include "base/alloc.h"
#include "base/error.h"
#include "model/checkpoint_dtype.h"
#include "model/pytorch_machine.h"

/* An extent, stride or offset: a whole number from 0. */
static int is_extent(const cs_value *value) {
    return value->kind == CS_VALUE_INT && value->is.integer >= 0;
}

/* Fills the shape and counts the elements. */
static cs_status read_shape(const cs_pickle *pickle, const cs_value *shape, cs_tensor *tensor, size_t *elements,
                            cs_error *error) {
    if (shape->length > CS_TENSOR_MAX_DIMS)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: a tensor of %u dimensions, expected at most %d", pickle->file,
                       shape->length, CS_TENSOR_MAX_DIMS);
    *elements = 1;
    for (size_t i = 0; i < shape->length; i++) {
        const cs_value *extent = cs_pickle_item(pickle, shape, i);
        if (!is_extent(extent) || cs_mul_overflow(*elements, (size_t)extent->is.integer, elements))
            return cs_pickle_fail(pickle, error, "the shape of a tensor");
        tensor->shape[i] = extent->is.integer;
    }
    tensor->dims = (int)shape->length;
    return CS_OK;
}

/* True if the elements stand one after another, the last index running fastest. The stride of an extent of 1 is never
 * used, and where there are no elements no stride is. */
static int is_contiguous(const cs_pickle *pickle, const cs_tensor *tensor, const cs_value *strides, size_t elements) {
    int64_t expected = 1;
    for (size_t i = strides->length; elements > 0 && i > 0; i--) {
        const cs_value *stride = cs_pickle_item(pickle, strides, i - 1);
        if (tensor->shape[i - 1] != 1 && (stride->kind != CS_VALUE_INT || stride->is.integer != expected)) return 0;
        expected *= tensor->shape[i - 1]; /* at most the number of elements, which does not overflow */
    }
    return 1;
}

/* Where the elements lie in the storage. Tensors of other strides are marked and have no data: it takes their name to
 * refuse them well. */
static cs_status place(const cs_pickle *pickle, const cs_storage *storage, const cs_value *arguments,
                       cs_pickled_tensor *made, cs_error *error) {
    const cs_value *offset = cs_pickle_item(pickle, arguments, 1), *shape = cs_pickle_item(pickle, arguments, 2),
                   *strides = cs_pickle_item(pickle, arguments, 3);
    size_t elements, begin, width = cs_dtype_size(made->tensor.dtype);
    if (!is_extent(offset) || shape->kind != CS_VALUE_TUPLE || strides->kind != CS_VALUE_TUPLE ||
        shape->length != strides->length)
        return cs_pickle_fail(pickle, error, "the offset, shape or strides of a tensor");
    cs_status status = read_shape(pickle, shape, &made->tensor, &elements, error);
    if (status != CS_OK) return status;
    made->contiguous = is_contiguous(pickle, &made->tensor, strides, elements);
    if (!made->contiguous) return CS_OK;
    if (cs_mul_overflow(elements, width, &made->tensor.bytes) ||
        cs_mul_overflow((size_t)offset->is.integer, width, &begin) || begin > storage->bytes ||
        made->tensor.bytes > storage->bytes - begin)
        return cs_pickle_fail(pickle, error, "a tensor of %zu elements from %lld on in a storage of %zu bytes",
                              elements, (long long)offset->is.integer, storage->bytes);
    made->tensor.data = storage->data + begin;
    return CS_OK;
}

/* Some views (conjugate, negative) are saved as plain numbers and a note that changes their meaning. */
static int has_metadata(const cs_pickle *pickle, const cs_value *metadata) {
    if (metadata->kind == CS_VALUE_NONE) return 0;
    return metadata->kind != CS_VALUE_DICT || ((const cs_dict *)cs_pool_at(&pickle->dicts, metadata->is.index))->last;
}

/* The type of a tensor's elements: that of its storage, or (where `typed`) its seventh argument; NULL if there is none
 * or the two do not go together. */
static const cs_global *element_type(const cs_pickle *pickle, const cs_storage *storage, int typed,
                                     const cs_value *arguments) {
    if (!typed) return storage->type->kind == CS_GLOBAL_STORAGE ? storage->type : NULL;
    const cs_value *type = cs_pickle_item(pickle, arguments, 6);
    if (storage->type->kind != CS_GLOBAL_UNTYPED || type->kind != CS_VALUE_GLOBAL) return NULL;
    return type->is.global->kind == CS_GLOBAL_DTYPE ? type->is.global : NULL;
}

/* (storage, offset, shape, strides, requires_grad, hooks[, type][, metadata]), the type only where `typed`. */
static cs_status rebuild(cs_pickle *pickle, int typed, const cs_value *arguments, cs_value *result, cs_error *error) {
    size_t count = arguments->length, plain = typed ? 7 : 6;
    if ((count != plain && count != plain + 1) || cs_pickle_item(pickle, arguments, 0)->kind != CS_VALUE_STORAGE)
        return cs_pickle_fail(pickle, error, "the arguments of a tensor");
    if (count > plain && has_metadata(pickle, cs_pickle_item(pickle, arguments, plain)))
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: a tensor with metadata (a conjugate or negative view)",
                       pickle->file);
    const cs_storage *storage = cs_pool_at(&pickle->storages, cs_pickle_item(pickle, arguments, 0)->is.index);
    const cs_global *type = element_type(pickle, storage, typed, arguments);
    if (!type) return cs_pickle_fail(pickle, error, "the type of a tensor");
    cs_pickled_tensor *made = cs_pool_add(&pickle->tensors);
    if (!made) return cs_fail_memory(error, pickle->file);
    made->tensor.dtype = type->dtype;
    *result = (cs_value){.kind = CS_VALUE_TENSOR, .is.index = pickle->tensors.count - 1};
    return place(pickle, storage, arguments, made, error);
}

/* A parameter is its tensor: (tensor, requires_grad, hooks). */
static cs_status unwrap(cs_pickle *pickle, const cs_value *arguments, cs_value *result, cs_error *error) {
    if (arguments->length != 3 || cs_pickle_item(pickle, arguments, 0)->kind != CS_VALUE_TENSOR)
        return cs_pickle_fail(pickle, error, "the arguments of a parameter");
    *result = *cs_pickle_item(pickle, arguments, 0);
    return CS_OK;
}

cs_status cs_pickle_call(cs_pickle *pickle, const cs_value *function, const cs_value *arguments, cs_value *result,
                         cs_error *error) {
    if (function->kind != CS_VALUE_GLOBAL || arguments->kind != CS_VALUE_TUPLE)
        return cs_pickle_fail(pickle, error, "a call of %s with %s", cs_value_kind_name(function->kind),
                              cs_value_kind_name(arguments->kind));
    switch (function->is.global->kind) {
    case CS_GLOBAL_ORDERED_DICT:
        if (arguments->length != 0) return cs_pickle_fail(pickle, error, "an OrderedDict with arguments");
        return cs_pickle_make_dict(pickle, 1, result, error);
    case CS_GLOBAL_TENSOR:
    case CS_GLOBAL_TENSOR_OF_TYPE:
        return rebuild(pickle, function->is.global->kind == CS_GLOBAL_TENSOR_OF_TYPE, arguments, result, error);
    case CS_GLOBAL_PARAMETER:
        return unwrap(pickle, arguments, result, error);
    default:
        return cs_pickle_fail(pickle, error, "a call of '%s.%s'", function->is.global->module,
                              function->is.global->name);
    }
}

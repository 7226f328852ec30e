#include "model/pytorch_pickle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "model/pytorch_machine.h"

/* Python's pickler keeps a thousand entries of a dictionary on the stack, and one level per level of nesting. */
enum { STACK_LIMIT = 65536 };

cs_status cs_pickle_fail(const cs_pickle *pickle, cs_error *error, const char *format, ...) {
    char problem[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(problem, sizeof problem, format, arguments);
    va_end(arguments);
    return cs_fail(error, CS_ERR_FORMAT, "%s: damaged pickle: %s (before byte %zu of data.pkl)", pickle->file, problem,
                   (size_t)(pickle->at - pickle->begin));
}

cs_status cs_pickle_take(cs_pickle *pickle, size_t count, const uint8_t **bytes, cs_error *error) {
    if (count > (size_t)(pickle->end - pickle->at)) return cs_pickle_fail(pickle, error, "it ends too early");
    *bytes = pickle->at;
    pickle->at += count;
    return CS_OK;
}

cs_status cs_pickle_push(cs_pickle *pickle, const cs_value *value, cs_error *error) {
    if (pickle->stack.count == STACK_LIMIT)
        return cs_fail(error, CS_ERR_LIMIT, "%s: the pickle's stack holds more than %d values", pickle->file,
                       STACK_LIMIT);
    cs_value *slot = cs_pool_add(&pickle->stack);
    if (!slot) return cs_fail_memory(error, pickle->file);
    *slot = *value;
    return CS_OK;
}

cs_status cs_pickle_pop(cs_pickle *pickle, cs_value *value, cs_error *error) {
    if (pickle->stack.count == 0) return cs_pickle_fail(pickle, error, "a value is missing on its stack");
    *value = *(const cs_value *)cs_pool_at(&pickle->stack, pickle->stack.count - 1);
    if (value->kind == CS_VALUE_MARK) return cs_pickle_fail(pickle, error, "a mark stands where a value is expected");
    pickle->stack.count--;
    return CS_OK;
}

const cs_value *cs_pickle_item(const cs_pickle *pickle, const cs_value *tuple, size_t index) {
    return cs_pool_at(&pickle->items, tuple->is.index + index);
}

cs_status cs_pickle_make_dict(cs_pickle *pickle, int ordered, cs_value *dict, cs_error *error) {
    cs_dict *made = cs_pool_add(&pickle->dicts);
    if (!made) return cs_fail_memory(error, pickle->file);
    made->ordered = ordered;
    *dict = (cs_value){.kind = CS_VALUE_DICT, .is.index = pickle->dicts.count - 1};
    return CS_OK;
}

cs_status cs_pickle_set(cs_pickle *pickle, const cs_value *dict, const cs_value *key, const cs_value *value,
                        cs_error *error) {
    cs_pair *pair = cs_pool_add(&pickle->pairs);
    if (!pair) return cs_fail_memory(error, pickle->file);
    pair->key = *key;
    pair->value = *value;
    cs_dict *target = cs_pool_at(&pickle->dicts, dict->is.index);
    size_t place = pickle->pairs.count;
    if (target->last)
        ((cs_pair *)cs_pool_at(&pickle->pairs, target->last - 1))->next = place;
    else
        target->first = place;
    target->last = place;
    return CS_OK;
}

static cs_status run(cs_pickle *pickle, cs_value *result, cs_error *error) {
    while (!pickle->stopped) {
        const uint8_t *opcode;
        cs_status status = cs_pickle_take(pickle, 1, &opcode, error);
        if (status == CS_OK) status = cs_pickle_step(pickle, *opcode, error);
        if (status != CS_OK) return status;
    }
    cs_status status = cs_pickle_pop(pickle, result, error);
    if (status != CS_OK) return status;
    if (pickle->stack.count > 0 || pickle->at != pickle->end)
        return cs_pickle_fail(pickle, error, "it goes on behind its end");
    return CS_OK;
}

cs_status cs_pickle_run(const cs_zip *zip, const uint8_t *bytes, size_t size, cs_pickle *pickle, cs_value *result,
                        cs_error *error) {
    const cs_pool values = {.item_size = sizeof(cs_value)};
    *pickle = (cs_pickle){.file = zip->file,
                          .zip = zip,
                          .begin = bytes,
                          .at = bytes,
                          .end = bytes + size,
                          .stack = values,
                          .memo = values,
                          .items = values,
                          .pairs = {.item_size = sizeof(cs_pair)},
                          .dicts = {.item_size = sizeof(cs_dict)},
                          .storages = {.item_size = sizeof(cs_storage)},
                          .tensors = {.item_size = sizeof(cs_pickled_tensor)}};
    if (size > CS_PICKLE_LIMIT)
        return cs_fail(error, CS_ERR_LIMIT, "%s: data.pkl of %zu bytes, expected at most %zu", zip->file, size,
                       CS_PICKLE_LIMIT);
    return run(pickle, result, error);
}

void cs_pickle_free(cs_pickle *pickle) {
    cs_pool_free(&pickle->stack);
    cs_pool_free(&pickle->memo);
    cs_pool_free(&pickle->items);
    cs_pool_free(&pickle->pairs);
    cs_pool_free(&pickle->dicts);
    cs_pool_free(&pickle->storages);
    cs_pool_free(&pickle->tensors);
}

const char *cs_value_kind_name(cs_value_kind kind) {
    static const char *const names[] = {"a mark",   "None",         "a truth value",       "a whole number",
                                        "a number", "a string",     "a class or function", "a tuple",
                                        "a list",   "a dictionary", "a storage",           "a tensor"};
    return names[kind];
}

int cs_value_is_string(const cs_value *value, const char *string) {
    return value->kind == CS_VALUE_STRING && value->length == strlen(string) &&
           memcmp(value->is.text, string, value->length) == 0;
}

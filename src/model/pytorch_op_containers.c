/* Opcodes that make tuples, lists and dictionaries and fill them. */
#include "base/error.h"
#include "model/pytorch_opcodes.h"

/* Index of the first value above the topmost mark. */
static cs_status find_mark(const cs_pickle *pickle, size_t *first, cs_error *error) {
    for (size_t i = pickle->stack.count; i > 0; i--) {
        if (((const cs_value *)cs_pool_at(&pickle->stack, i - 1))->kind != CS_VALUE_MARK) continue;
        *first = i;
        return CS_OK;
    }
    return cs_pickle_fail(pickle, error, "a mark is missing on its stack");
}

cs_status cs_op_empty(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    if (opcode == ')') return cs_pickle_push(pickle, &(cs_value){.kind = CS_VALUE_TUPLE}, error);
    if (opcode == ']') return cs_pickle_push(pickle, &(cs_value){.kind = CS_VALUE_LIST}, error);
    cs_value dict;
    cs_status status = cs_pickle_make_dict(pickle, 0, &dict, error);
    return status == CS_OK ? cs_pickle_push(pickle, &dict, error) : status;
}

/* Replaces the stack from `bottom` on by one tuple of the values from `first` on. */
static cs_status make_tuple(cs_pickle *pickle, size_t bottom, size_t first, cs_error *error) {
    size_t count = pickle->stack.count - first;
    cs_value tuple = {.kind = CS_VALUE_TUPLE, .length = (uint32_t)count, .is.index = pickle->items.count};
    for (size_t i = 0; i < count; i++) {
        cs_value *item = cs_pool_add(&pickle->items);
        if (!item) return cs_fail_memory(error, pickle->file);
        *item = *(const cs_value *)cs_pool_at(&pickle->stack, first + i);
        if (item->kind == CS_VALUE_MARK) return cs_pickle_fail(pickle, error, "a mark within a tuple");
    }
    pickle->stack.count = bottom;
    return cs_pickle_push(pickle, &tuple, error);
}

cs_status cs_op_tuple(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    size_t first, count = opcode - CS_OPCODE_TUPLE1 + 1;
    if (opcode == 't') {
        cs_status status = find_mark(pickle, &first, error);
        return status == CS_OK ? make_tuple(pickle, first - 1, first, error) : status;
    }
    if (pickle->stack.count < count) return cs_pickle_fail(pickle, error, "a value is missing on its stack");
    first = pickle->stack.count - count;
    return make_tuple(pickle, first, first, error);
}

cs_status cs_pickle_container(const cs_pickle *pickle, size_t first, size_t below, cs_value_kind kind,
                              cs_value *container, cs_error *error) {
    if (first < below) return cs_pickle_fail(pickle, error, "a value is missing on its stack");
    *container = *(const cs_value *)cs_pool_at(&pickle->stack, first - below);
    if (container->kind == kind) return CS_OK;
    return cs_pickle_fail(pickle, error, "an item is put into %s, expected %s", cs_value_kind_name(container->kind),
                          cs_value_kind_name(kind));
}

cs_status cs_op_append(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    cs_value item, list;
    cs_status status = cs_pickle_pop(pickle, &item, error);
    return status == CS_OK ? cs_pickle_container(pickle, pickle->stack.count, 1, CS_VALUE_LIST, &list, error) : status;
}

cs_status cs_op_appends(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    size_t first;
    cs_value list;
    cs_status status = find_mark(pickle, &first, error);
    if (status == CS_OK) status = cs_pickle_container(pickle, first, 2, CS_VALUE_LIST, &list, error);
    if (status == CS_OK) pickle->stack.count = first - 1;
    return status;
}

cs_status cs_op_set_item(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    cs_value key, value, dict;
    cs_status status = cs_pickle_pop(pickle, &value, error);
    if (status == CS_OK) status = cs_pickle_pop(pickle, &key, error);
    if (status == CS_OK) status = cs_pickle_container(pickle, pickle->stack.count, 1, CS_VALUE_DICT, &dict, error);
    return status == CS_OK ? cs_pickle_set(pickle, &dict, &key, &value, error) : status;
}

cs_status cs_op_set_items(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    size_t first;
    cs_value dict;
    cs_status status = find_mark(pickle, &first, error);
    if (status == CS_OK) status = cs_pickle_container(pickle, first, 2, CS_VALUE_DICT, &dict, error);
    if (status == CS_OK && (pickle->stack.count - first) % 2)
        status = cs_pickle_fail(pickle, error, "a key without its value");
    for (size_t i = first; status == CS_OK && i < pickle->stack.count; i += 2)
        status = cs_pickle_set(pickle, &dict, cs_pool_at(&pickle->stack, i), cs_pool_at(&pickle->stack, i + 1), error);
    if (status == CS_OK) pickle->stack.count = first - 1;
    return status;
}

#include "model/pytorch_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/unicode.h"

#define NESTED "state_dict"
#define PREFIX "module." /* torch.nn.parallel puts it before every name */

typedef struct cs_state {
    const cs_pickle *pickle;
    const cs_dict *dict;
    size_t count, bytes; /* of its tensors, and of their names with a NUL each */
    size_t prefix;       /* what to take off each name */
} cs_state;

/* Pair number `place` - 1, or NULL for 0. */
static const cs_pair *pair_at(const cs_pickle *pickle, size_t place) {
    return place ? cs_pool_at(&pickle->pairs, place - 1) : NULL;
}

static const cs_pair *next_pair(const cs_pickle *pickle, const cs_pair *pair) {
    return pair_at(pickle, pair->next);
}

static cs_status find_state(const cs_pickle *pickle, const cs_value *root, const cs_dict **dict, cs_error *error) {
    if (root->kind != CS_VALUE_DICT)
        return cs_fail(error, CS_ERR_UNSUPPORTED, "%s: the file holds %s, expected a dictionary of tensors",
                       pickle->file, cs_value_kind_name(root->kind));
    *dict = cs_pool_at(&pickle->dicts, root->is.index);
    for (const cs_pair *pair = pair_at(pickle, (*dict)->first); pair; pair = next_pair(pickle, pair)) {
        if (pair->value.kind != CS_VALUE_DICT || !cs_value_is_string(&pair->key, NESTED)) continue;
        *dict = cs_pool_at(&pickle->dicts, pair->value.is.index);
        break;
    }
    return CS_OK;
}

static cs_status check_name(const cs_pickle *pickle, const cs_value *key, cs_error *error) {
    if (key->kind != CS_VALUE_STRING)
        return cs_fail(error, CS_ERR_FORMAT, "%s: a dictionary of tensors has %s as a key, expected a string",
                       pickle->file, cs_value_kind_name(key->kind));
    for (size_t i = 0; i < key->length; i++)
        if ((unsigned char)key->is.text[i] < ' ' || key->is.text[i] == 0x7f)
            return cs_fail(error, CS_ERR_FORMAT, "%s: the name of a tensor holds control characters", pickle->file);
    return cs_utf8_check(key->is.text, key->length, pickle->file, error);
}

/* Measures the names and sees whether all have the prefix. */
static cs_status measure(cs_state *state, cs_error *error) {
    size_t prefixed = 0;
    for (const cs_pair *pair = pair_at(state->pickle, state->dict->first); pair;
         pair = next_pair(state->pickle, pair)) {
        cs_status status = check_name(state->pickle, &pair->key, error);
        if (status != CS_OK) return status;
        state->count++;
        state->bytes += pair->key.length + (size_t)1;
        prefixed += pair->key.length > strlen(PREFIX) && memcmp(pair->key.is.text, PREFIX, strlen(PREFIX)) == 0;
    }
    if (prefixed == state->count) state->prefix = strlen(PREFIX);
    return CS_OK;
}

static cs_status add_tensor(const cs_state *state, const cs_value *value, const char *name, cs_tensor_list *list,
                            cs_error *error) {
    const char *file = state->pickle->file;
    if (value->kind == CS_VALUE_DICT)
        return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, file, name,
                              "expected a tensor, found a dictionary; only one of the name '" NESTED
                              "' is looked into");
    if (value->kind != CS_VALUE_TENSOR)
        return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, file, name, "expected a tensor, found %s",
                              cs_value_kind_name(value->kind));
    const cs_pickled_tensor *found = cs_pool_at(&state->pickle->tensors, value->is.index);
    if (!found->contiguous)
        return cs_fail_tensor(error, CS_ERR_UNSUPPORTED, file, name,
                              "its elements do not lie in one piece, row by row (a transposed or expanded view): save "
                              "it with contiguous()");
    list->items[list->count] = found->tensor;
    list->items[list->count++].name = name;
    return CS_OK;
}

/* Copies the names, which in the pickle have no NUL, and the tensors. */
static cs_status fill(const cs_state *state, cs_tensor_list *list, cs_error *error) {
    char *at = list->names;
    for (const cs_pair *pair = pair_at(state->pickle, state->dict->first); pair;
         pair = next_pair(state->pickle, pair)) {
        size_t length = pair->key.length - state->prefix;
        const char *name = memcpy(at, pair->key.is.text + state->prefix, length);
        at[length] = '\0';
        at += length + 1;
        cs_status status = add_tensor(state, &pair->value, name, list, error);
        if (status != CS_OK) return status;
    }
    qsort(list->items, list->count, sizeof *list->items, cs_tensor_compare_names);
    for (size_t i = 1; i < list->count; i++)
        if (strcmp(list->items[i - 1].name, list->items[i].name) == 0)
            return cs_fail_tensor(error, CS_ERR_FORMAT, state->pickle->file, list->items[i].name, "is there twice");
    return CS_OK;
}

cs_status cs_pytorch_list(const cs_pickle *pickle, const cs_value *root, cs_tensor_list *list, cs_error *error) {
    cs_state state = {.pickle = pickle};
    cs_status status = find_state(pickle, root, &state.dict, error);
    if (status == CS_OK) status = measure(&state, error);
    if (status != CS_OK) return status;
    cs_tensor_list found = {cs_alloc(state.count, sizeof *found.items), 0, cs_alloc(state.bytes, 1)};
    status = found.items && found.names ? fill(&state, &found, error) : cs_fail_memory(error, pickle->file);
    if (status == CS_OK)
        *list = found;
    else
        cs_tensor_list_free(&found);
    return status;
}

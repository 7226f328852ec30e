/* Opcodes that name something outside the pickle, and those that call what was named. */
#include <string.h>

#include "base/error.h"
#include "model/pytorch_opcodes.h"

static cs_status take_line(cs_pickle *pickle, const char **line, size_t *length, cs_error *error) {
    size_t left = (size_t)(pickle->end - pickle->at);
    const uint8_t *end = left ? memchr(pickle->at, '\n', left) : NULL;
    if (!end) return cs_pickle_fail(pickle, error, "it ends within a name");
    *line = (const char *)pickle->at;
    *length = (size_t)(end - pickle->at);
    pickle->at = end + 1;
    return CS_OK;
}

/* Appends at most 80 bytes of a hostile name; what could move a terminal's cursor becomes '?'. */
static void append_name(char *text, const char *name, size_t length) {
    size_t at = strlen(text);
    for (size_t i = 0; i < length && i < 80; i++)
        text[at++] = name[i] > ' ' && name[i] < 0x7f ? name[i] : '?';
    text[at] = '\0';
}

cs_status cs_op_global(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    const char *module, *name;
    size_t module_length, name_length;
    cs_status status = take_line(pickle, &module, &module_length, error);
    if (status == CS_OK) status = take_line(pickle, &name, &name_length, error);
    if (status != CS_OK) return status;
    const cs_global *global = cs_global_find(module, module_length, name, name_length);
    if (global) return cs_pickle_push(pickle, &(cs_value){.kind = CS_VALUE_GLOBAL, .is.global = global}, error);
    char text[168] = "";
    append_name(text, module, module_length);
    append_name(text, ".", 1);
    append_name(text, name, name_length);
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "%s: global '%s' is not allowed in a checkpoint; only dictionaries of plain tensors are read, as "
                   "torch.save(model.state_dict(), ...) writes them",
                   pickle->file, text);
}

cs_status cs_op_persistent_id(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    cs_value id, storage;
    cs_status status = cs_pickle_pop(pickle, &id, error);
    if (status == CS_OK) status = cs_pickle_load_storage(pickle, &id, &storage, error);
    return status == CS_OK ? cs_pickle_push(pickle, &storage, error) : status;
}

cs_status cs_op_reduce(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    cs_value arguments, function, result;
    cs_status status = cs_pickle_pop(pickle, &arguments, error);
    if (status == CS_OK) status = cs_pickle_pop(pickle, &function, error);
    if (status == CS_OK) status = cs_pickle_call(pickle, &function, &arguments, &result, error);
    return status == CS_OK ? cs_pickle_push(pickle, &result, error) : status;
}

/* module.state_dict() has versions of its modules as an attribute; nothing needs them. */
cs_status cs_op_build(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    cs_value state, dict;
    cs_status status = cs_pickle_pop(pickle, &state, error);
    if (status == CS_OK) status = cs_pickle_container(pickle, pickle->stack.count, 1, CS_VALUE_DICT, &dict, error);
    if (status != CS_OK) return status;
    if (state.kind == CS_VALUE_DICT && ((const cs_dict *)cs_pool_at(&pickle->dicts, dict.is.index))->ordered)
        return CS_OK;
    return cs_pickle_fail(pickle, error, "attributes for something other than an OrderedDict");
}

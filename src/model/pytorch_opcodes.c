/* Which opcodes are performed: those that torch.save writes. */
#include "model/pytorch_opcodes.h"
#include "base/error.h"

enum { PROTOCOL = 2 };

static cs_status op_proto(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    const uint8_t *version;
    cs_status status = cs_pickle_take(pickle, 1, &version, error);
    if (status != CS_OK || *version == PROTOCOL) return status;
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "%s: pickle protocol %d, expected %d: write the file with torch.save's own pickle_protocol",
                   pickle->file, *version, PROTOCOL);
}

static cs_status op_stop(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode, (void)error;
    pickle->stopped = 1;
    return CS_OK;
}

typedef cs_status (*step_fn)(cs_pickle *pickle, unsigned opcode, cs_error *error);

static const step_fn steps[256] = {[0x80] = op_proto,
                                   ['.'] = op_stop,
                                   ['('] = cs_op_mark,
                                   ['N'] = cs_op_none,
                                   [CS_OPCODE_NEWTRUE] = cs_op_bool,
                                   [0x89] = cs_op_bool,
                                   ['K'] = cs_op_integer,
                                   ['M'] = cs_op_integer,
                                   ['J'] = cs_op_integer,
                                   [0x8a] = cs_op_long,
                                   ['G'] = cs_op_float,
                                   ['X'] = cs_op_string,
                                   [')'] = cs_op_empty,
                                   [']'] = cs_op_empty,
                                   ['}'] = cs_op_empty,
                                   ['t'] = cs_op_tuple,
                                   [CS_OPCODE_TUPLE1] = cs_op_tuple,
                                   [0x86] = cs_op_tuple,
                                   [0x87] = cs_op_tuple,
                                   ['a'] = cs_op_append,
                                   ['e'] = cs_op_appends,
                                   ['s'] = cs_op_set_item,
                                   ['u'] = cs_op_set_items,
                                   ['q'] = cs_op_put,
                                   ['r'] = cs_op_put,
                                   ['h'] = cs_op_get,
                                   ['j'] = cs_op_get,
                                   ['c'] = cs_op_global,
                                   ['R'] = cs_op_reduce,
                                   ['b'] = cs_op_build,
                                   ['Q'] = cs_op_persistent_id};

cs_status cs_pickle_step(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    if (steps[opcode & 0xff]) return steps[opcode & 0xff](pickle, opcode, error);
    return cs_fail(error, CS_ERR_UNSUPPORTED,
                   "%s: opcode %s (0x%02x) is not allowed in a checkpoint: torch.save does not write it for tensors",
                   pickle->file, cs_opcode_name(opcode), opcode);
}

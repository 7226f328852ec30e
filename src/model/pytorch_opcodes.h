/* The opcodes' functions: each performs `opcode`, whose byte has been taken already. See pickletools.py for what each
 * expects on the stack and leaves there. */
#ifndef CS_MODEL_PYTORCH_OPCODES_H
#define CS_MODEL_PYTORCH_OPCODES_H

#include "model/pytorch_machine.h"

enum { CS_OPCODE_TUPLE1 = 0x85, CS_OPCODE_NEWTRUE = 0x88 };

cs_status cs_op_mark(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_none(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_bool(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_integer(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_long(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_float(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_string(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_empty(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_tuple(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_append(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_appends(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_set_item(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_set_items(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_put(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_get(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_global(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_persistent_id(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_reduce(cs_pickle *pickle, unsigned opcode, cs_error *error);
cs_status cs_op_build(cs_pickle *pickle, unsigned opcode, cs_error *error);

/* The container that the values from `first` on go into: the value `below` places under them, of the given kind. */
cs_status cs_pickle_container(const cs_pickle *pickle, size_t first, size_t below, cs_value_kind kind,
                              cs_value *container, cs_error *error);

#endif

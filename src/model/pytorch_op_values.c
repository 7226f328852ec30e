/* Opcodes that push a plain value, and those of the memo. */
#include "base/error.h"
#include "model/pytorch_bytes.h"
#include "model/pytorch_opcodes.h"

static cs_status push_integer(cs_pickle *pickle, cs_value_kind kind, int64_t integer, cs_error *error) {
    return cs_pickle_push(pickle, &(cs_value){.kind = kind, .is.integer = integer}, error);
}

cs_status cs_op_mark(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    return push_integer(pickle, CS_VALUE_MARK, 0, error);
}

cs_status cs_op_none(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    return push_integer(pickle, CS_VALUE_NONE, 0, error);
}

cs_status cs_op_bool(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    return push_integer(pickle, CS_VALUE_BOOL, opcode == CS_OPCODE_NEWTRUE, error);
}

cs_status cs_op_integer(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    size_t size = opcode == 'J' ? 4 : opcode == 'M' ? 2 : 1;
    const uint8_t *bytes;
    cs_status status = cs_pickle_take(pickle, size, &bytes, error);
    if (status != CS_OK) return status;
    int64_t integer = size == 1 ? bytes[0] : size == 2 ? cs_read_u16(bytes) : (int32_t)cs_read_u32(bytes);
    return push_integer(pickle, CS_VALUE_INT, integer, error);
}

/* A length byte, then as many bytes of two's complement. */
cs_status cs_op_long(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    const uint8_t *size, *bytes;
    cs_status status = cs_pickle_take(pickle, 1, &size, error);
    if (status == CS_OK) status = cs_pickle_take(pickle, *size, &bytes, error);
    if (status != CS_OK) return status;
    if (*size > 8) return cs_pickle_fail(pickle, error, "a whole number of %d bytes, expected at most 8", *size);
    uint64_t integer = *size > 0 && bytes[*size - 1] & 0x80 ? UINT64_MAX : 0;
    for (int i = *size - 1; i >= 0; i--)
        integer = integer << 8 | bytes[i];
    return push_integer(pickle, CS_VALUE_INT, (int64_t)integer, error);
}

cs_status cs_op_float(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    const uint8_t *bytes;
    cs_status status = cs_pickle_take(pickle, 8, &bytes, error);
    return status == CS_OK ? push_integer(pickle, CS_VALUE_FLOAT, 0, error) : status;
}

cs_status cs_op_string(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    (void)opcode;
    const uint8_t *size, *bytes;
    cs_status status = cs_pickle_take(pickle, 4, &size, error);
    if (status == CS_OK) status = cs_pickle_take(pickle, cs_read_u32(size), &bytes, error);
    if (status != CS_OK) return status;
    cs_value value = {.kind = CS_VALUE_STRING, .length = cs_read_u32(size), .is.text = (const char *)bytes};
    return cs_pickle_push(pickle, &value, error);
}

/* ---- The memo ---- */

static cs_status take_memo_index(cs_pickle *pickle, int wide, size_t *index, cs_error *error) {
    const uint8_t *bytes;
    cs_status status = cs_pickle_take(pickle, wide ? 4 : 1, &bytes, error);
    if (status == CS_OK) *index = wide ? cs_read_u32(bytes) : bytes[0];
    return status;
}

/* Python's pickler numbers what it remembers without gaps, so the memo cannot be made larger than the pickle. */
cs_status cs_op_put(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    size_t index;
    cs_value value;
    cs_status status = take_memo_index(pickle, opcode == 'r', &index, error);
    if (status == CS_OK) status = cs_pickle_pop(pickle, &value, error);
    if (status == CS_OK) status = cs_pickle_push(pickle, &value, error);
    if (status != CS_OK) return status;
    if (index > pickle->memo.count)
        return cs_pickle_fail(pickle, error, "memo entry %zu, expected at most %zu", index, pickle->memo.count);
    cs_value *slot = index < pickle->memo.count ? cs_pool_at(&pickle->memo, index) : cs_pool_add(&pickle->memo);
    if (!slot) return cs_fail_memory(error, pickle->file);
    *slot = value;
    return CS_OK;
}

cs_status cs_op_get(cs_pickle *pickle, unsigned opcode, cs_error *error) {
    size_t index;
    cs_status status = take_memo_index(pickle, opcode == 'j', &index, error);
    if (status != CS_OK) return status;
    if (index >= pickle->memo.count) return cs_pickle_fail(pickle, error, "memo entry %zu was never made", index);
    return cs_pickle_push(pickle, cs_pool_at(&pickle->memo, index), error);
}

/* What the parts of the pickle machine (pytorch_pickle.c, pytorch_op*.c, pytorch_storage.c, pytorch_call.c) share. */
#ifndef CS_MODEL_PYTORCH_MACHINE_H
#define CS_MODEL_PYTORCH_MACHINE_H

#include "model/pytorch_pickle.h"

/* CS_ERR_FORMAT at the machine's place in the pickle; `format` says what is wrong. */
cs_status cs_pickle_fail(const cs_pickle *pickle, cs_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The next `count` bytes of the pickle, which the machine then stands behind. */
cs_status cs_pickle_take(cs_pickle *pickle, size_t count, const uint8_t **bytes, cs_error *error);

cs_status cs_pickle_push(cs_pickle *pickle, const cs_value *value, cs_error *error);

/* Takes the top value, which must not be a mark. */
cs_status cs_pickle_pop(cs_pickle *pickle, cs_value *value, cs_error *error);

/* Performs one opcode whose byte has been taken already. */
cs_status cs_pickle_step(cs_pickle *pickle, unsigned opcode, cs_error *error);

/* "BINPUT", as pickletools names them; "of no known name" for a byte that is no opcode. */
const char *cs_opcode_name(unsigned opcode);

/* Item `index` of a tuple, which must be below its length. */
const cs_value *cs_pickle_item(const cs_pickle *pickle, const cs_value *tuple, size_t index);

/* An empty dictionary. */
cs_status cs_pickle_make_dict(cs_pickle *pickle, int ordered, cs_value *dict, cs_error *error);

/* dict[key] = value; keys are not compared: a key that is set twice stands there twice. */
cs_status cs_pickle_set(cs_pickle *pickle, const cs_value *dict, const cs_value *key, const cs_value *value,
                        cs_error *error);

/* What the persistent id ('storage', type, key, location, elements) stands for. */
cs_status cs_pickle_load_storage(cs_pickle *pickle, const cs_value *id, cs_value *storage, cs_error *error);

/* What calling the global with a tuple of arguments gives. */
cs_status cs_pickle_call(cs_pickle *pickle, const cs_value *function, const cs_value *arguments, cs_value *result,
                         cs_error *error);

#endif

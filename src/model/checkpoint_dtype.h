/* Number types by their safetensors names. */
#ifndef CS_MODEL_CHECKPOINT_DTYPE_H
#define CS_MODEL_CHECKPOINT_DTYPE_H

#include "model/checkpoint.h"

/* "F32", as safetensors writes it. */
const char *cs_dtype_name(cs_dtype dtype);

/* Bytes per element. */
size_t cs_dtype_size(cs_dtype dtype);

/* True and *dtype if the name is one of those above. */
int cs_dtype_find(const char *name, cs_dtype *dtype);

#endif

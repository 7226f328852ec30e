/* Which file of a model folder holds the weights. */
#ifndef CS_MODEL_FIND_WEIGHTS_H
#define CS_MODEL_FIND_WEIGHTS_H

#include "model/config.h"

/* The first that is there: safetensors, a sharded index, PyTorch's own format. *file is released with free(). */
cs_status cs_weights_file(const char *folder, cs_layout layout, char **file, cs_error *error);

#endif

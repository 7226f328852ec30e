/* Writing a checkpoint as one safetensors file. */
#ifndef CS_MODEL_SAFETENSORS_WRITE_H
#define CS_MODEL_SAFETENSORS_WRITE_H

#include "model/checkpoint.h"

/* Writes all tensors as they are, in the order of the reference (the safetensors package): wide number types first,
 * then by name; __metadata__ says {"format": "pt"}. Tensors that share bytes get a copy each. The file takes its name
 * when it is complete. The checkpoint's pages are given back to the system as they are written. */
cs_status cs_checkpoint_write(const cs_checkpoint *checkpoint, const char *path, cs_error *error);

#endif

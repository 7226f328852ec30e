/* From the value of a pickle to a list of tensors. */
#ifndef CS_MODEL_PYTORCH_STATE_H
#define CS_MODEL_PYTORCH_STATE_H

#include "model/pytorch_pickle.h"
#include "model/safetensors.h"

/* Finds the state dict in `root` and lists its tensors by name. Their data point into the archive. */
cs_status cs_pytorch_list(const cs_pickle *pickle, const cs_value *root, cs_tensor_list *list, cs_error *error);

#endif

/* pytorch_model.bin: tensors as torch.save writes them since PyTorch 1.6, a zip archive of one pickle and raw numbers.
 *
 * The archive holds one folder with data.pkl (a dictionary of tensors, or one with such a dictionary under
 * "state_dict": then all else in it is read past), data/KEY for each storage, byteorder and version. See
 * pytorch_pickle.h for why reading one runs none of what it names. Tensors may share a storage. Refused by name:
 * tensors that do not lie in one piece, compressed or encrypted entries, big-endian files, TorchScript archives, and
 * PyTorch's older files. Where every name begins with "module.", as training on several devices leaves them, that is
 * taken off, as OpenCLIP does. */
#ifndef CS_MODEL_PYTORCH_H
#define CS_MODEL_PYTORCH_H

#include "model/safetensors.h"

/* True for a file that begins like PyTorch's, of today or of old, and not like safetensors. */
int cs_pytorch_recognise(const uint8_t *bytes, size_t size);

/* `file` stands for the bytes in messages. The tensors' data point into `bytes`, which must outlive the list. */
cs_status cs_pytorch_parse(const uint8_t *bytes, size_t size, const char *file, cs_tensor_list *list, cs_error *error);

#endif

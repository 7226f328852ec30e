/* Buffers of backends that compute in main memory. */
#ifndef CS_NN_HOST_MEMORY_H
#define CS_NN_HOST_MEMORY_H

#include "nn/nn.h"

float *cs_host_buffer(cs_nn *nn, size_t count);
void cs_host_release(cs_nn *nn, float *buffer);

/* Either way: there is but one kind of memory. */
void cs_host_copy(cs_nn *nn, float *to, const float *from, size_t count);

#endif

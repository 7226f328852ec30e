#include "nn/host_memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

float *cs_host_buffer(cs_nn *nn, size_t count) {
    (void)nn;
    return cs_alloc_aligned(count, sizeof(float));
}

void cs_host_release(cs_nn *nn, float *buffer) {
    (void)nn;
    free(buffer);
}

void cs_host_copy(cs_nn *nn, float *to, const float *from, size_t count) {
    (void)nn;
    memcpy(to, from, count * sizeof *to);
}

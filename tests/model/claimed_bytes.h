/* What the tensors of a checkpoint say is theirs. */
#ifndef CS_TESTS_MODEL_CLAIMED_BYTES_H
#define CS_TESTS_MODEL_CLAIMED_BYTES_H

#include "model/safetensors.h"

/* Reads every byte, so that AddressSanitizer sees a claim that goes too far. */
static inline void read_claimed_bytes(const cs_tensor_list *list) {
    volatile unsigned sum = 0;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->items[i].bytes; k++)
            sum += ((const uint8_t *)list->items[i].data)[k];
}

#endif

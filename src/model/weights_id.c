#include "model/weights_id.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SAMPLE = 256 };

static uint64_t take(uint64_t hash, const void *bytes, size_t count) {
    const unsigned char *at = bytes;
    for (size_t i = 0; i < count; i++)
        hash = (hash ^ at[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Lowest byte first, whatever the machine's order. */
static uint64_t take_number(uint64_t hash, uint64_t number) {
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(number >> (8 * i));
    return take(hash, bytes, sizeof bytes);
}

static uint64_t take_data(uint64_t hash, const unsigned char *data, size_t bytes) {
    if (bytes <= 3 * SAMPLE) return take(hash, data, bytes);
    hash = take(hash, data, SAMPLE);
    hash = take(hash, data + (bytes - SAMPLE) / 2, SAMPLE);
    return take(hash, data + bytes - SAMPLE, SAMPLE);
}

static uint64_t take_tensor(uint64_t hash, const cs_tensor *tensor) {
    hash = take(hash, tensor->name, strlen(tensor->name) + 1);
    hash = take_number(hash, (uint64_t)tensor->dtype);
    hash = take_number(hash, (uint64_t)tensor->dims);
    for (int i = 0; i < tensor->dims; i++)
        hash = take_number(hash, (uint64_t)tensor->shape[i]);
    return take_data(hash, tensor->data, tensor->bytes);
}

void cs_weights_id(const cs_checkpoint *checkpoint, char id[CS_WEIGHTS_ID_SIZE]) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < cs_checkpoint_count(checkpoint); i++)
        hash = take_tensor(hash, cs_checkpoint_at(checkpoint, i));
    snprintf(id, CS_WEIGHTS_ID_SIZE, "%016" PRIx64, hash);
}

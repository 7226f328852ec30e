/* CRC-32 as in zlib, which the committed values are given in. */
#ifndef CS_TESTS_IMAGE_CHECKSUM_H
#define CS_TESTS_IMAGE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t checksum(const void *data, size_t size) {
    uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        table[i] = i;
        for (int bit = 0; bit < 8; bit++)
            table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xEDB88320u : 0);
    }
    uint32_t crc = 0xFFFFFFFFu;
    for (size_t i = 0; i < size; i++)
        crc = crc >> 8 ^ table[(crc ^ ((const uint8_t *)data)[i]) & 255];
    return ~crc;
}

#endif

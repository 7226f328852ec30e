#include "image/exif.h"

#include <string.h>

/* TIFF data in the byte order that its header names. Reads outside give 0, so that no caller can run over the end. */
typedef struct tiff {
    const uint8_t *data;
    size_t size;
    int big_endian;
} tiff;

enum { ORIENTATION_TAG = 0x0112, TYPE_BYTE = 1, TYPE_SHORT = 3, TYPE_LONG = 4, ENTRY_SIZE = 12 };

static uint32_t number_at(const tiff *t, size_t offset, size_t bytes) {
    if (offset > t->size || bytes > t->size - offset) return 0;
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | t->data[offset + (t->big_endian ? i : bytes - 1 - i)];
    return value;
}

/* The value of an IFD entry that holds a single number; 0 for anything else. */
static uint32_t entry_value(const tiff *t, size_t entry) {
    if (number_at(t, entry + 4, 4) != 1) return 0;
    switch (number_at(t, entry + 2, 2)) {
    case TYPE_BYTE:
        return number_at(t, entry + 8, 1);
    case TYPE_SHORT:
        return number_at(t, entry + 8, 2);
    case TYPE_LONG:
        return number_at(t, entry + 8, 4);
    default:
        return 0;
    }
}

/* Looks through the first directory. Of several orientations the last counts, as in Pillow. */
static uint32_t find_orientation(const tiff *t) {
    size_t directory = number_at(t, 4, 4);
    size_t count = number_at(t, directory, 2);
    uint32_t orientation = 0;
    for (size_t i = 0; i < count; i++) {
        size_t entry = directory + 2 + i * ENTRY_SIZE;
        if (number_at(t, entry, 2) == ORIENTATION_TAG) orientation = entry_value(t, entry);
    }
    return orientation;
}

int cs_exif_orientation(const uint8_t *data, size_t size) {
    while (size >= 6 && memcmp(data, "Exif\0\0", 6) == 0) {
        data += 6;
        size -= 6;
    }
    if (size < 8) return 1;
    tiff t = {data, size, data[0] == 'M'};
    if ((memcmp(data, "II", 2) != 0 && memcmp(data, "MM", 2) != 0) || number_at(&t, 2, 2) != 42) return 1;
    uint32_t orientation = find_orientation(&t);
    return orientation >= 1 && orientation <= 8 ? (int)orientation : 1;
}

/* Zip archives made by hand, so that tests can put anything into their fields. */
#ifndef CS_TESTS_ZIP_BUILDER_H
#define CS_TESTS_ZIP_BUILDER_H

#include <stdint.h>
#include <string.h>

typedef struct zip_builder {
    uint8_t bytes[1 << 17];
    size_t size;
    struct {
        const char *name;
        size_t place, size;
    } entries[16];
    size_t count;
    size_t directory;           /* where it begins */
    size_t records[16];         /* where each entry's record in it begins */
    size_t end64, locator, end; /* where the end records begin */
} zip_builder;

static inline void zip_number(zip_builder *zip, uint64_t value, int width) {
    for (int i = 0; i < width; i++)
        zip->bytes[zip->size++] = i < 8 ? (uint8_t)(value >> 8 * i) : 0;
}

static inline void zip_bytes(zip_builder *zip, const void *bytes, size_t size) {
    memcpy(zip->bytes + zip->size, bytes, size);
    zip->size += size;
}

/* Local header and data of a stored entry. */
static inline void zip_add(zip_builder *zip, const char *name, const void *data, size_t size) {
    zip->entries[zip->count].name = name;
    zip->entries[zip->count].place = zip->size;
    zip->entries[zip->count++].size = size;
    zip_number(zip, 0x04034b50, 4);
    zip_number(zip, 0, 8);  /* version, flags, method, time */
    zip_number(zip, 0, 2);  /* date */
    zip_number(zip, 0, 12); /* checksum and sizes: only the directory's count */
    zip_number(zip, strlen(name), 2);
    zip_number(zip, 5, 2);
    zip_bytes(zip, name, strlen(name));
    zip_bytes(zip, "FB\1\0Z", 5); /* PyTorch aligns its data with such a field */
    zip_bytes(zip, data, size);
}

static inline void zip_record(zip_builder *zip, size_t i, int zip64) {
    const char *name = zip->entries[i].name;
    zip->records[i] = zip->size;
    zip_number(zip, 0x02014b50, 4);
    zip_number(zip, 0, 8); /* versions, flags, method */
    zip_number(zip, 0, 8); /* time, date, checksum */
    zip_number(zip, zip64 ? UINT32_MAX : zip->entries[i].size, 4);
    zip_number(zip, zip64 ? UINT32_MAX : zip->entries[i].size, 4);
    zip_number(zip, strlen(name), 2);
    zip_number(zip, zip64 ? 33 : 0, 2);
    zip_number(zip, 0, 8); /* comment, disk, attributes */
    zip_number(zip, 0, 2);
    zip_number(zip, zip64 ? UINT32_MAX : zip->entries[i].place, 4);
    zip_bytes(zip, name, strlen(name));
    if (!zip64) return;
    zip_bytes(zip, "UT\1\0x", 5); /* another field before it, to be passed over */
    zip_number(zip, 1, 2);
    zip_number(zip, 24, 2);
    zip_number(zip, zip->entries[i].size, 8);
    zip_number(zip, zip->entries[i].size, 8);
    zip_number(zip, zip->entries[i].place, 8);
}

/* Directory and end records. zip64: all numbers stand in the wide fields alone. */
static inline void zip_finish(zip_builder *zip, int zip64) {
    zip->directory = zip->size;
    for (size_t i = 0; i < zip->count; i++)
        zip_record(zip, i, zip64);
    size_t size = zip->size - zip->directory;
    if (zip64) {
        zip->end64 = zip->size;
        zip_number(zip, 0x06064b50, 4);
        zip_number(zip, 44, 8);
        zip_number(zip, 0, 12);
        zip_number(zip, zip->count, 8);
        zip_number(zip, zip->count, 8);
        zip_number(zip, size, 8);
        zip_number(zip, zip->directory, 8);
        zip->locator = zip->size;
        zip_number(zip, 0x07064b50, 4);
        zip_number(zip, 0, 4);
        zip_number(zip, zip->end64, 8);
        zip_number(zip, 1, 4);
    }
    zip->end = zip->size;
    zip_number(zip, 0x06054b50, 4);
    zip_number(zip, 0, 4);
    zip_number(zip, zip64 ? UINT16_MAX : zip->count, 2);
    zip_number(zip, zip64 ? UINT16_MAX : zip->count, 2);
    zip_number(zip, zip64 ? UINT32_MAX : size, 4);
    zip_number(zip, zip64 ? UINT32_MAX : zip->directory, 4);
    zip_number(zip, 0, 2);
}

/* ---- Pickles. Strings of bytes without their final NUL. ---- */

#define PICKLE_STORAGE                                                                                                 \
    "(X\7\0\0\0storagectorch\nFloatStorage\nX\1\0\0\0"                                                                 \
    "0"                                                                                                                \
    "X\3\0\0\0cpuK\4tQ"
#define PICKLE_HOOKS                                                                                                   \
    "\x89"                                                                                                             \
    "ccollections\nOrderedDict\n)R"
/* [2, 2] of F32 */
#define PICKLE_TENSOR "ctorch._utils\n_rebuild_tensor_v2\n(" PICKLE_STORAGE "K\0K\2K\2\x86K\2K\1\x86" PICKLE_HOOKS "tR"
#define PICKLE_DICT(tensor) "\x80\2}X\1\0\0\0a" tensor "s."

static const float zip_numbers[4] = {-1, -0.5f, 0, 0.5f};

/* m/data.pkl and m/data/0, which holds four floats. */
static inline void zip_checkpoint(zip_builder *zip, const void *pickle, size_t size, int zip64) {
    memset(zip, 0, sizeof *zip);
    zip_add(zip, "m/data.pkl", pickle, size);
    zip_add(zip, "m/data/0", zip_numbers, sizeof zip_numbers);
    zip_finish(zip, zip64);
}

#endif

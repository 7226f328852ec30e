/* The small models of tests/data/models as whole folders: their weights are not committed but made again here, from the
 * tables that tests/references/parity_weights.py describes, byte for byte as transformers and open_clip wrote them. */
#ifndef CS_TESTS_PARITY_MADE_MODEL_H
#define CS_TESTS_PARITY_MADE_MODEL_H

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/strbuf.h"
#include "image/checksum.h"
#include "support/support.h"

/* One line of a table. */
typedef struct made_tensor {
    char name[128], dtype[8], shape[64], rule[16];
    double value;
    size_t count; /* of elements */
} made_tensor;

/* ---- Values ---- */

static inline uint64_t made_seed(const char *name) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (; *name; name++)
        hash = (hash ^ (uint8_t)*name) * 0x100000001B3u;
    return hash;
}

/* splitmix64. */
static inline int made_byte(uint64_t seed, uint64_t index) {
    uint64_t z = (index + 1) * 0x9E3779B97F4A7C15u + seed;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (int)((z ^ (z >> 31)) >> 56);
}

static inline double made_value(const made_tensor *tensor, uint64_t seed, size_t index) {
    if (strcmp(tensor->rule, "constant") == 0) return tensor->value;
    if (strcmp(tensor->rule, "count") == 0) return (double)index;
    int byte = made_byte(seed, index);
    int m = strcmp(tensor->rule, "signed") == 0 ? byte - 128 : 128 + byte / 2;
    return ldexp(m, (int)tensor->value);
}

/* The bits of a value that F16 holds exactly, and that is zero or normal there. */
static inline uint16_t made_half(uint32_t bits) {
    if ((bits & 0x7FFFFFFFu) == 0) return (uint16_t)(bits >> 16);
    return (uint16_t)((bits >> 16 & 0x8000u) | ((bits & 0x7FFFFFFFu) - (112u << 23)) >> 13);
}

static inline void made_append(cs_strbuf *out, const char *dtype, double value) {
    float single = (float)value;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    if (strcmp(dtype, "F32") == 0) {
        cs_strbuf_append(out, (const char *)&bits, sizeof bits);
    } else if (strcmp(dtype, "I64") == 0) {
        int64_t whole = (int64_t)value;
        cs_strbuf_append(out, (const char *)&whole, sizeof whole);
    } else {
        uint16_t half = strcmp(dtype, "F16") == 0 ? made_half(bits) : (uint16_t)(bits >> 16);
        cs_strbuf_append(out, (const char *)&half, sizeof half);
    }
}

/* ---- Files ---- */

static inline size_t made_size(const char *dtype) {
    if (strcmp(dtype, "F32") == 0) return 4;
    return strcmp(dtype, "I64") == 0 ? 8 : 2;
}

/* "32,3,8,8", or "-" for a scalar. */
static inline size_t made_count(const char *shape) {
    size_t count = 1;
    if (strcmp(shape, "-") == 0) return 1;
    for (const char *at = shape; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        count *= strtoul(at, NULL, 10);
    return count;
}

static inline int made_parse(const char *line, made_tensor *tensor) {
    if (sscanf(line, "%127[^\t]\t%7[^\t]\t%63[^\t]\t%15[^\t]\t%lf", tensor->name, tensor->dtype, tensor->shape,
               tensor->rule, &tensor->value) != 5)
        return 0;
    tensor->count = made_count(tensor->shape);
    return 1;
}

/* The file's header, as the safetensors library writes it: no spaces but those at the end, which fill 8 bytes. */
static inline void made_header(const made_tensor *tensors, size_t count, const char *metadata, cs_strbuf *out) {
    size_t offset = 0;
    cs_strbuf_append(out, "{", 1);
    if (strcmp(metadata, "-") != 0) cs_strbuf_printf(out, "\"__metadata__\":%s", metadata);
    for (size_t i = 0; i < count; i++) {
        const made_tensor *t = &tensors[i];
        size_t end = offset + t->count * made_size(t->dtype);
        cs_strbuf_printf(out, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                         out->length > 1 ? "," : "", t->name, t->dtype, strcmp(t->shape, "-") == 0 ? "" : t->shape,
                         offset, end);
        offset = end;
    }
    cs_strbuf_append(out, "}", 1);
    while (out->length % 8 != 0)
        cs_strbuf_append(out, " ", 1);
}

/* A whole safetensors file in memory. */
static inline void made_file(const made_tensor *tensors, size_t count, const char *metadata, cs_strbuf *out) {
    cs_strbuf header = {0};
    made_header(tensors, count, metadata, &header);
    uint64_t size = header.length;
    cs_strbuf_append(out, (const char *)&size, sizeof size);
    cs_strbuf_append(out, header.data, header.length);
    cs_strbuf_free(&header);
    for (size_t i = 0; i < count; i++) {
        uint64_t seed = made_seed(tensors[i].name);
        for (size_t k = 0; k < tensors[i].count; k++)
            made_append(out, tensors[i].dtype, made_value(&tensors[i], seed, k));
    }
    assert_false(out->failed);
}

/* Reads a table: at most `room` tensors, and the checksum and metadata of its first line. */
static inline size_t made_read_table(const char *path, made_tensor *tensors, size_t room, uint32_t *crc,
                                     char metadata[64]) {
    char line[512];
    size_t count = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    assert_int_equal(sscanf(line, "%8x\t%63s", crc, metadata), 2);
    while (fgets(line, sizeof line, file)) {
        assert_true(count < room && made_parse(line, &tensors[count]));
        count++;
    }
    fclose(file);
    return count;
}

static inline void made_weights(const char *table, const char *target) {
    enum { ROOM = 512 };
    made_tensor *tensors = malloc(ROOM * sizeof *tensors);
    char metadata[64];
    uint32_t crc;
    cs_strbuf file = {0};
    assert_non_null(tensors);
    made_file(tensors, made_read_table(table, tensors, ROOM, &crc, metadata), metadata, &file);
    assert_int_equal(checksum(file.data, file.length), crc);
    write_file(target, file.data, file.length);
    cs_strbuf_free(&file);
    free(tensors);
}

/* ---- Folders ---- */

static inline void made_copy(const char *source, const char *target) {
    cs_error error;
    char *data;
    size_t size;
    assert_ok(cs_file_read(source, 1 << 24, &data, &size, &error));
    write_file(target, data, size);
    free(data);
}

/* A file of the committed folder: copied, or made where it is a table of weights. */
static inline void made_entry(const char *source, const char *folder, const char *name) {
    static const char ending[] = ".safetensors.tsv";
    char *target = cs_path_join(folder, name);
    size_t length = strlen(target), end = sizeof ending - 1;
    if (length > end && strcmp(target + length - end, ending) == 0) {
        target[length - strlen(".tsv")] = '\0';
        made_weights(source, target);
    } else {
        made_copy(source, target);
    }
    free(target);
}

/* The tokenizer that all models share, for those that bring none. */
static inline void made_tokenizer(const char *folder) {
    char *own = cs_path_join(folder, "tokenizer.json"), *old = cs_path_join(folder, "vocab.json");
    if (!cs_file_exists(own) && !cs_file_exists(old)) made_copy(test_data("models/tokenizer/tokenizer.json"), own);
    free(own);
    free(old);
}

/* The model in a new folder, which the caller gives to remove_folder(). */
static inline char *make_model(const char *name) {
    char *folder = make_folder(), *relative = cs_path_join("models", name), *source = strdup(test_data(relative));
    DIR *entries = opendir(source);
    assert_non_null(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        char *path = cs_path_join(source, entry->d_name);
        if (cs_file_exists(path)) made_entry(path, folder, entry->d_name);
        free(path);
    }
    closedir(entries);
    made_tokenizer(folder);
    free(relative);
    free(source);
    return folder;
}

#endif

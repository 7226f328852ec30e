/* Photographs and embeddings made up of numbers, for tests of stores. */
#ifndef CS_TESTS_SYNTHETIC_H
#define CS_TESTS_SYNTHETIC_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clipsight_tools.h"
#include "store/made_up.h"
#include "support/support.h"

/* A photograph with `rows` embeddings that depend on the seed alone (row r has that of seed * 1000 + r); 0: a broken
 * one. Its memory is freed by synthetic_free(). */
static inline cs_store_photo synthetic_photo(const char *path, uint64_t seed, size_t rows, int dim) {
    cs_store_photo photo = {.path = strdup(path), .bytes = 1000 + seed, .modified = (int64_t)(seed * 1000000007u)};
    if (rows == 0) {
        photo.problem = "not a picture";
        return photo;
    }
    for (int i = 0; i < 32; i++)
        photo.hash[i] = (uint8_t)(seed >> i % 8 * 8 ^ (uint64_t)i);
    photo.width = 640 + (int)(seed % 100);
    photo.height = 480;
    photo.rows = rows;
    cs_rect *boxes = calloc(rows, sizeof *boxes);
    float *embeddings = calloc(rows * (size_t)dim, sizeof *embeddings);
    if (!photo.path || !boxes || !embeddings) fail_msg("out of memory");
    for (size_t r = 0; r < rows; r++) {
        boxes[r] = (cs_rect){(int)r, (int)(2 * r), 640 - (int)r, 480};
        make_vector(seed * 1000 + r, dim, embeddings + r * (size_t)dim);
    }
    photo.boxes = boxes;
    photo.embeddings = embeddings;
    return photo;
}

static inline void synthetic_free(cs_store_photo *photo) {
    free((void *)(uintptr_t)photo->path);
    free((void *)(uintptr_t)photo->boxes);
    free((void *)(uintptr_t)photo->embeddings);
}

#endif

/* The models and inputs of tests/references/make_dense.py, made again. */
#ifndef CS_TESTS_DENSE_INPUTS_H
#define CS_TESTS_DENSE_INPUTS_H

#include "parity/made_model.h"

#include "model/model.h"
#include "model/unit.h"

enum { DENSE_TEXTS = 3, DENSE_REGIONS = 5 };

/* A model of tests/data/dense, or "starter". *folder is given to close_dense_model(). */
static inline cs_model *open_dense_model(const char *name, const char *backend, char **folder) {
    cs_error error;
    cs_model *model;
    const cs_model_options options = {.backend = backend, .threads = 2};
    *folder = NULL;
    if (strcmp(name, "starter") != 0) {
        char *relative = cs_path_join("../dense", name);
        *folder = make_model(relative);
        free(relative);
    }
    assert_ok(cs_model_open(*folder, &options, &model, &error));
    return model;
}

static inline void close_dense_model(cs_model *model, char *folder) {
    cs_model_close(model);
    if (folder) remove_folder(folder);
}

/* [height, width, 3]. */
static inline float *make_picture(int number, int height, int width) {
    char squares[64], noise[64];
    snprintf(squares, sizeof squares, "squares %d %dx%d", number, height, width);
    snprintf(noise, sizeof noise, "noise %d %dx%d", number, height, width);
    uint64_t coarse = made_seed(squares), fine = made_seed(noise);
    float *picture = malloc((size_t)height * (size_t)width * 3 * sizeof *picture);
    for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
            for (int c = 0; c < 3; c++) {
                size_t at = ((size_t)y * (size_t)width + (size_t)x) * 3 + (size_t)c;
                size_t square = ((size_t)(y / 8) * (size_t)(width / 8) + (size_t)(x / 8)) * 3 + (size_t)c;
                picture[at] = (float)(made_byte(coarse, square) - 128) / 64 + (float)(made_byte(fine, at) - 128) / 256;
            }
        }
    }
    return picture;
}

/* [DENSE_TEXTS, dim], unit length. */
static inline float *make_texts(int dim) {
    char name[64];
    snprintf(name, sizeof name, "texts %d", dim);
    uint64_t seed = made_seed(name);
    size_t count = (size_t)DENSE_TEXTS * (size_t)dim;
    float *texts = malloc(count * sizeof *texts);
    for (size_t i = 0; i < count; i++)
        texts[i] = (float)(made_byte(seed, i) - 128);
    cs_to_unit_length(texts, DENSE_TEXTS, (size_t)dim);
    return texts;
}

/* [regions, rows, cols]; the last one holds all cells. */
static inline unsigned char *make_masks(int regions, int rows, int cols) {
    char name[64];
    snprintf(name, sizeof name, "masks %dx%d", rows, cols);
    uint64_t seed = made_seed(name);
    size_t cells = (size_t)rows * (size_t)cols, count = (size_t)regions * cells;
    unsigned char *masks = malloc(count);
    for (size_t i = 0; i < count; i++)
        masks[i] = i >= count - cells || made_byte(seed, i) < 100;
    return masks;
}

#endif

/* What PyTorch makes of the models of tests/data/models; tests/references/make_models.py wrote it. */
#ifndef CS_TESTS_PARITY_EXPECTED_H
#define CS_TESTS_PARITY_EXPECTED_H

#include "parity/made_model.h"

enum { TEXTS = 6, PICTURES = 4 };

static const char *const model_names[] = {
    "hf-tiny",
    "hf-vit-b-32",
    "hf-vit-b-16",
    "hf-vit-l-14",
    "hf-vit-h-14",
    "hf-vit-bigg-14",
    "dress-old",
    "dress-legacy",
    "openclip-rn50",
    "openclip-rn50x4",
    "openclip-vit-b-16",
    "openclip-vit-g-14",
    "openclip-vit-bigg-14",
    "openclip-vit-b-32-quickgelu",
};
static const char *const picture_names[PICTURES] = {"wide.png", "tall.png", "tiny.png", "square.png"};

enum { MODELS = sizeof model_names / sizeof *model_names };

typedef struct expected {
    size_t dim;
    float *texts;    /* [TEXTS, dim] */
    float *pictures; /* [PICTURES, dim] */
    float *logits;   /* [PICTURES, TEXTS] */
    float *shares;   /* [PICTURES, TEXTS], probabilities */
    char *memory;
} expected;

static inline expected read_expected(const char *folder) {
    cs_error error;
    expected e;
    size_t size, table = PICTURES * TEXTS;
    char *path = cs_path_join(folder, "expected.f32");
    assert_ok(cs_file_read(path, 1 << 20, &e.memory, &size, &error));
    free(path);
    e.dim = (size / sizeof(float) - 2 * table) / (TEXTS + PICTURES);
    assert_int_equal(size, ((TEXTS + PICTURES) * e.dim + 2 * table) * sizeof(float));
    e.texts = (float *)(void *)e.memory;
    e.pictures = e.texts + TEXTS * e.dim;
    e.logits = e.pictures + PICTURES * e.dim;
    e.shares = e.logits + table;
    return e;
}

static inline cs_image *open_picture(int index) {
    cs_error error;
    cs_image *image;
    char name[64];
    snprintf(name, sizeof name, "models/pictures/%s", picture_names[index]);
    assert_ok(cs_image_open(test_data(name), NULL, &image, &error));
    return image;
}

#endif

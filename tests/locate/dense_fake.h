/* An image encoder that sees what the texts say: made for tests of the dense method that must be fast. */
#ifndef CS_TESTS_DENSE_FAKE_H
#define CS_TESTS_DENSE_FAKE_H

#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "image/image.h"
#include "locate/dense.h"
#include "model/model.h"
#include "model/prompts.h"

enum { FAKE_STEP = 8, FAKE_DETAIL = 96, FAKE_DIM = 2, FAKE_FEATURES = 6 };

/* Small sizes, but every part of the recipe: two averaged passes, a detail pass and near passes. */
static const cs_dense_recipe fake_recipe = {
    .passes = {{48, CS_CELLS_COARSE, {1, 3}}, {32, CS_CELLS_STAGGERED, {1, 3, 5}}},
    .detail = {FAKE_DETAIL, CS_CELLS_COARSE, {1, 3}},
    .zoom = {48, CS_CELLS_FINE, {3, 5, 9}},
    .detail_from = 60,
    .spread_from = 0.1f,
    .detail_classes = 50,
    .detail_gain = 1.5f,
    .zoom_reach = 3};

/* What the texts say, [3, FAKE_DIM]: the cosine from afar and from near. */
static const float fake_texts[] = {0.6f,  0.7f, /* seen by every pass */
                                   0.05f, 0.5f, /* by the detail pass alone */
                                   0.01f, 0.01f /* by none */};
static char *const fake_labels[] = {(char *)"large", (char *)"small", (char *)"absent"};

static inline void fake_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols) {
    (void)encoder;
    (void)coarse;
    *rows = height / FAKE_STEP;
    *cols = width / FAKE_STEP;
}

/* Two looks, a thing and what is around it: [FAKE_FEATURES, FAKE_FEATURES, 2]. */
static inline cs_status fake_features(cs_features *features, cs_error *error) {
    float *data = cs_alloc((size_t)FAKE_FEATURES * FAKE_FEATURES, 2 * sizeof *data);
    if (!data) return cs_fail_memory(error, "features");
    for (int i = 0; i < FAKE_FEATURES * FAKE_FEATURES; i++) {
        int is_thing = i % FAKE_FEATURES < FAKE_FEATURES / 2;
        data[2 * i] = is_thing ? 1 : 0.1f;
        data[2 * i + 1] = is_thing ? 0.1f : 1;
    }
    *features = (cs_features){FAKE_FEATURES, FAKE_FEATURES, 2, data};
    return CS_OK;
}

/* A spot left of the middle is as high as the text says; the rest is next to nothing. */
static inline cs_status fake_dense(cs_image_encoder *encoder, const cs_dense_input *input, const float *texts, int n,
                                   float *out, cs_features *features, cs_error *error) {
    int rows, cols, is_near = input->height >= FAKE_DETAIL || input->coarse == CS_CELLS_FINE;
    fake_size(encoder, input->height, input->width, input->coarse, &rows, &cols);
    for (int i = 0; i < n * rows * cols; i++) {
        int row = i / cols % rows, col = i % cols;
        int is_spot = row >= rows / 4 && row <= rows / 2 && col >= cols / 4 && col < cols / 2;
        out[i] = is_spot ? texts[i / (rows * cols) * FAKE_DIM + is_near] : 0.001f;
    }
    for (int i = 0; input->certainty && i < rows * cols; i++)
        input->certainty[i] = 1;
    return features ? fake_features(features, error) : CS_OK;
}

/* The model and the encoder hold nothing that is to be released but model->nn. */
static inline void fake_model(cs_image_encoder *encoder, cs_model *model) {
    static const cs_image_encoder_ops ops = {.dense_size = fake_size, .dense = fake_dense};
    static const char *const variants[] = {"only", NULL};
    cs_error error;
    *encoder = (cs_image_encoder){&ops, 24, FAKE_DIM, FAKE_STEP, variants, NULL};
    *model = (cs_model){.threads = 1, .batch = 1, .logit_scale = 10, .image = encoder};
    model->config.dim = FAKE_DIM;
    model->config.image_size = 24;
    model->config.layout = CS_LAYOUT_STARTER;
    model->config.image_kind = CS_IMAGE_EFFICIENTNET;
    model->preprocess =
        (cs_preprocess){.edge = 24, .crop = 24, .filter = CS_FILTER_BICUBIC, .std = {1, 1, 1}, .threads = 1};
    assert_ok(cs_nn_find("reference", &model->ops, &error));
    assert_ok(model->ops->open(1, CS_PRECISION_FP32, &model->nn, &error));
}

static inline cs_image *fake_photo(int width, int height) {
    cs_error error;
    cs_image *image;
    assert_ok(cs_image_create(width, height, &image, &error));
    memset(image->pixels, 128, (size_t)width * (size_t)height * 3);
    return image;
}

#endif

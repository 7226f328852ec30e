/* A model whose image encoder gives back what it was given, so that a test sees the pictures themselves. */
#ifndef CS_TESTS_MODEL_SEEN_PICTURES_H
#define CS_TESTS_MODEL_SEEN_PICTURES_H

#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "model/model.h"

enum { SEEN_SIDE = 16, SEEN_NUMBERS = SEEN_SIDE * SEEN_SIDE * 3 };

static inline cs_status give_back(cs_image_encoder *encoder, const float *pictures, int n, float *out,
                                  cs_error *error) {
    (void)encoder, (void)error;
    memcpy(out, pictures, (size_t)n * SEEN_NUMBERS * sizeof *out);
    return CS_OK;
}

static const cs_image_encoder_ops seen_ops = {.encode = give_back};
static cs_image_encoder seen_encoder = {.ops = &seen_ops, .image_size = SEEN_SIDE, .dim = SEEN_NUMBERS};

static inline cs_model seen_model(int batch, cs_resize_mode mode, int edge, cs_filter filter) {
    cs_model model = {.batch = batch, .threads = 1, .image = &seen_encoder};
    model.config.dim = SEEN_NUMBERS;
    model.preprocess = (cs_preprocess){.mode = mode,
                                       .edge = edge,
                                       .crop = SEEN_SIDE,
                                       .filter = filter,
                                       .mean = {0.5f, 0.4f, 0.3f},
                                       .std = {0.2f, 0.3f, 0.4f},
                                       .threads = 2};
    return model;
}

/* Noise with some slow change in it. */
static inline cs_image *noisy_image(int width, int height) {
    cs_error error;
    cs_image *image;
    uint32_t seed = 5;
    uint8_t *pixels = malloc((size_t)width * (size_t)height * 3);
    for (size_t i = 0; i < (size_t)width * (size_t)height * 3; i++) {
        seed = seed * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)((seed >> 25) + i * 90 / ((size_t)width * (size_t)height * 3));
    }
    assert_ok(cs_image_from_rgb(pixels, width, height, 0, &image, &error));
    free(pixels);
    return image;
}

#endif

/* The starter against the PyTorch model that it was trained with: the embeddings of 200 texts and 20 pictures. */
#include "support/data_files.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXTS = 200, PICTURES = 20, DIM = 512 };

static cs_model *open_starter(const char *backend) {
    cs_error error;
    cs_model *model;
    const cs_model_options options = {.backend = backend, .threads = 2};
    assert_ok(cs_model_open(NULL, &options, &model, &error));
    assert_int_equal(cs_model_dim(model), DIM);
    return model;
}

static void read_floats(const char *name, float *out, size_t count) {
    FILE *file = fopen(test_data(name), "rb");
    assert_non_null(file);
    assert_int_equal(fread(out, sizeof *out, count, file), count);
    assert_int_equal(fgetc(file), EOF);
    fclose(file);
}

static double lowest_cosine(const float *a, const float *b, size_t rows) {
    double lowest = 1;
    for (size_t r = 0; r < rows; r++) {
        double dot = 0, aa = 0, bb = 0;
        for (size_t i = r * DIM; i < (r + 1) * DIM; i++) {
            dot += (double)a[i] * b[i];
            aa += (double)a[i] * a[i];
            bb += (double)b[i] * b[i];
        }
        assert_true(fabs(aa - 1) < 1e-4);
        lowest = fmin(lowest, dot / sqrt(aa * bb));
    }
    return lowest;
}

/* The first `count` texts. */
static void check_texts(const char *backend, size_t count) {
    cs_error error;
    const char *texts[TEXTS];
    float *expected = malloc(TEXTS * DIM * sizeof *expected), *found = malloc(TEXTS * DIM * sizeof *found);
    cs_model *model = open_starter(backend);
    char *memory = read_test_lines("starter/texts.txt", texts, TEXTS);
    read_floats("starter/text_embeddings.f32", expected, TEXTS * DIM);
    assert_ok(cs_model_embed_texts(model, texts, count, found, &error));
    double lowest = lowest_cosine(found, expected, count);
    print_message("%s: %zu texts, lowest cosine %.7f\n", backend, count, lowest);
    assert_true(lowest > 0.9999);
    cs_model_close(model);
    free(expected);
    free(found);
    free(memory);
}

static void texts_match_the_reference(void **state) {
    (void)state;
    check_texts("onednn", TEXTS);
}

/* Texts of unequal lengths share a batch; what stands behind a text's end must not reach it. */
static void a_text_alone_embeds_as_in_a_batch(void **state) {
    (void)state;
    cs_error error;
    const char *texts[] = {"cat", "a photograph of an old red fishing boat in the harbour", "two dogs"};
    float together[3 * DIM], alone[3 * DIM];
    cs_model *model = open_starter("onednn");
    assert_ok(cs_model_embed_texts(model, texts, 3, together, &error));
    for (size_t i = 0; i < 3; i++)
        assert_ok(cs_model_embed_texts(model, texts + i, 1, alone + i * DIM, &error));
    assert_true(lowest_cosine(alone, together, 3) > 0.999999);
    cs_model_close(model);
}

static void open_pictures(cs_image **pictures, size_t count) {
    cs_error error;
    for (size_t i = 0; i < count; i++) {
        char name[64];
        snprintf(name, sizeof name, "starter/pictures/%02zu.png", i);
        assert_ok(cs_image_open(test_data(name), NULL, &pictures[i], &error));
    }
}

static void check_pictures(const char *backend, size_t count) {
    cs_error error;
    cs_image *pictures[PICTURES];
    float *expected = malloc(PICTURES * DIM * sizeof *expected), *found = malloc(PICTURES * DIM * sizeof *found);
    cs_model *model = open_starter(backend);
    read_floats("starter/image_embeddings.f32", expected, PICTURES * DIM);
    open_pictures(pictures, count);
    assert_ok(cs_model_embed_images(model, (const cs_image *const *)pictures, count, found, &error));
    double lowest = lowest_cosine(found, expected, count);
    print_message("%s: %zu pictures, lowest cosine %.7f\n", backend, count, lowest);
    assert_true(lowest > 0.9999);
    for (size_t i = 0; i < count; i++)
        cs_image_close(pictures[i]);
    cs_model_close(model);
    free(expected);
    free(found);
}

static void pictures_match_the_reference(void **state) {
    (void)state;
    check_pictures("onednn", PICTURES);
}

/* Plain C takes seconds a picture: one is enough to tell that both backends are the same network. */
static void the_reference_backend_agrees_too(void **state) {
    (void)state;
    check_texts("reference", 20);
    check_pictures("reference", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_match_the_reference),
        cmocka_unit_test(a_text_alone_embeds_as_in_a_batch),
        cmocka_unit_test(pictures_match_the_reference),
        cmocka_unit_test(the_reference_backend_agrees_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

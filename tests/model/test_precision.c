/* The starter's embeddings in bf16 and int8 beside those in f32, for pictures of all sorts of sizes. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PICTURES = 5, DIM = 512 };

static const char *const pictures[PICTURES] = {"chelsea.png", "china.jpg", "flower.jpg", "chelsea.png", "flower.jpg"};

/* Non-zero: done; 0: this processor has no such precision. */
static int embed(cs_precision precision, float *out) {
    const cs_model_options options = {.threads = 2, .precision = precision};
    const cs_image *images[PICTURES];
    cs_image *opened[PICTURES];
    cs_model *model;
    cs_error error;
    cs_status status = cs_model_open(NULL, &options, &model, &error);
    if (status == CS_ERR_UNSUPPORTED && precision != CS_PRECISION_FP32) return 0;
    assert_ok(status);
    assert_int_equal(cs_model_dim(model), DIM);
    assert_int_equal(cs_model_precision(model), precision);
    for (int i = 0; i < PICTURES; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/../../assets/%s", test_data("."), pictures[i]);
        assert_ok(cs_image_open(path, NULL, &opened[i], &error));
        images[i] = opened[i];
    }
    assert_ok(cs_model_embed_images(model, images, PICTURES, out, &error));
    for (int i = 0; i < PICTURES; i++)
        cs_image_close(opened[i]);
    cs_model_close(model);
    return 1;
}

static void check(cs_precision precision, float least) {
    float *exact = calloc(PICTURES, DIM * sizeof *exact), *narrow = calloc(PICTURES, DIM * sizeof *narrow);
    assert_true(embed(CS_PRECISION_FP32, exact));
    if (!embed(precision, narrow)) {
        free(exact);
        free(narrow);
        skip();
    }
    for (int i = 0; i < PICTURES; i++) {
        float cosine = 0;
        for (int c = i * DIM; c < (i + 1) * DIM; c++)
            cosine += exact[c] * narrow[c];
        if (!(cosine > least && cosine < 1.0001f))
            fail_msg("%s of picture %d: cosine %f", cs_precision_name(precision), i, (double)cosine);
    }
    free(exact);
    free(narrow);
}

static void bf16_agrees(void **state) {
    (void)state;
    check(CS_PRECISION_BF16, 0.999f);
}

static void int8_agrees(void **state) {
    (void)state;
    check(CS_PRECISION_INT8, 0.98f);
}

static void what_auto_chose_is_told(void **state) {
    const cs_model_options options = {.threads = 2, .precision = CS_PRECISION_AUTO};
    cs_model *model, *narrow;
    cs_error error;
    (void)state;
    assert_ok(cs_model_open(NULL, &options, &model, &error));
    const cs_model_options bf16 = {.threads = 2, .precision = CS_PRECISION_BF16};
    int has_bf16 = cs_model_open(NULL, &bf16, &narrow, &error) == CS_OK;
    assert_int_equal(cs_model_precision(model), has_bf16 ? CS_PRECISION_BF16 : CS_PRECISION_FP32);
    if (has_bf16) cs_model_close(narrow);
    cs_model_close(model);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(bf16_agrees), cmocka_unit_test(int8_agrees),
                                       cmocka_unit_test(what_auto_chose_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

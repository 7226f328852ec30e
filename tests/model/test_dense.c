/* What holds of dense maps and regions whatever the numbers: what is refused, what equals what. */
#include "model/dense_inputs.h"
#include "support/worst.h"

static const char *const names[] = {"vit-hf", "vit-openclip", "resnet", "starter"};

/* Checks the first `count` of them, one after the other. */
static void for_each_encoder(int count, void (*check)(cs_image_encoder *encoder)) {
    for (int i = 0; i < count; i++) {
        char *folder;
        cs_model *model = open_dense_model(names[i], "onednn", &folder);
        check(model->image);
        close_dense_model(model, folder);
    }
}

static double largest_difference(const float *a, const float *b, size_t count) {
    double largest = 0;
    for (size_t i = 0; i < count; i++)
        largest = worse(largest, fabs((double)a[i] - b[i]));
    return largest;
}

static void unsuitable_requests_are_refused(void **state) {
    (void)state;
    cs_error error;
    static const char *const lists[] = {"only sc-clip, naclip, clearclip, maskclip",
                                        "only sc-clip, naclip, clearclip, maskclip", "only maskclip", "only classes"};
    for (int i = 0; i < 4; i++) {
        char *folder;
        cs_model *model = open_dense_model(names[i], "onednn", &folder);
        cs_image_encoder *encoder = model->image;
        float *picture = make_picture(0, 96, 96), *texts = make_texts(encoder->dim), *out = malloc(1 << 16);
        unsigned char *masks = calloc(1, 144 * 144);
        cs_dense_input input = {.picture = picture, .height = 96, .width = 96, .variant = "deepclip"};
        assert_fails(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, out, NULL, &error), CS_ERR_ARGUMENT,
                     "option variant: this model has no \"deepclip\"");
        assert_non_null(strstr(error.message, lists[i]));
        input.variant = NULL;
        masks[144] = 1;
        assert_fails(encoder->ops->regions(encoder, &input, masks, 2, out, &error), CS_ERR_ARGUMENT,
                     i == 3 ? "region 1 of 2 holds no cell" : "holds no cell");
        input.height = 95;
        if (encoder->dense_step > 1) {
            assert_fails(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, out, NULL, &error), CS_ERR_ARGUMENT,
                         "not 96 x 95");
            assert_fails(encoder->ops->regions(encoder, &input, masks, 1, out, &error), CS_ERR_ARGUMENT, "not 96 x 95");
        }
        free(picture), free(texts), free(out), free(masks);
        close_dense_model(model, folder);
    }
}

/* With the trained size, a region of all cells is the picture as encode() has it. */
static void check_whole_picture(cs_image_encoder *encoder) {
    cs_error error;
    int size = encoder->image_size, rows, cols;
    float *picture = make_picture(1, size / 8 * 8 + 8, size / 8 * 8 + 8), whole[512], region[512];
    const cs_dense_input input = {.picture = picture, .height = size, .width = size, .coarse = 1};
    encoder->ops->dense_size(encoder, size, size, 1, &rows, &cols);
    unsigned char *masks = malloc((size_t)(rows * cols));
    memset(masks, 1, (size_t)(rows * cols));
    assert_ok(encoder->ops->encode(encoder, picture, 1, whole, &error));
    assert_ok(encoder->ops->regions(encoder, &input, masks, 1, region, &error));
    assert_true(largest_difference(whole, region, (size_t)encoder->dim) < 1e-5);
    free(picture), free(masks);
}

static void the_whole_picture_as_a_region_is_its_embedding(void **state) {
    (void)state;
    for_each_encoder(4, check_whole_picture);
}

/* A staggered cell is the mean of two fine ones: those on the diagonal of the four that it covers. */
static void a_staggered_cell_is_two_fine_ones(void **state) {
    (void)state;
    enum { SIDE = 128, FINE = SIDE / 16, COARSE = SIDE / 32 };
    static const char *const backends[] = {"onednn", "reference"};
    static const int cells[][2] = {{0, 0}, {1, 2}, {3, 3}};
    cs_error error;
    for (int b = 0; b < 2; b++) {
        char *folder;
        cs_model *model = open_dense_model("starter", backends[b], &folder);
        cs_image_encoder *encoder = model->image;
        float *picture = make_picture(2, SIDE, SIDE), fine[512], staggered[512];
        for (int i = 0; i < 3; i++) {
            int row = cells[i][0], col = cells[i][1];
            unsigned char pair[FINE * FINE] = {0}, one[COARSE * COARSE] = {0};
            pair[2 * row * FINE + 2 * col] = pair[(2 * row + 1) * FINE + 2 * col + 1] = one[row * COARSE + col] = 1;
            cs_dense_input input = {.picture = picture, .height = SIDE, .width = SIDE};
            assert_ok(encoder->ops->regions(encoder, &input, pair, 1, fine, &error));
            input.coarse = CS_CELLS_STAGGERED;
            assert_ok(encoder->ops->regions(encoder, &input, one, 1, staggered, &error));
            assert_true(largest_difference(fine, staggered, (size_t)encoder->dim) < 1e-4);
        }
        free(picture);
        close_dense_model(model, folder);
    }
}

/* More regions than go through a block at a time: each is what it is alone. */
static void check_many_regions(cs_image_encoder *encoder) {
    enum { MANY = 300 };
    cs_error error;
    int rows, cols;
    encoder->ops->dense_size(encoder, 96, 96, 0, &rows, &cols);
    unsigned char *masks = make_masks(MANY, rows, cols);
    size_t cells = (size_t)(rows * cols), dim = (size_t)encoder->dim;
    for (size_t r = 0; r < MANY; r++)
        masks[r * cells + r % cells] = 1;
    float *picture = make_picture(0, 96, 96), *all = malloc(MANY * dim * sizeof *all), alone[64];
    const cs_dense_input input = {.picture = picture, .height = 96, .width = 96};
    assert_ok(encoder->ops->regions(encoder, &input, masks, MANY, all, &error));
    for (size_t r = 0; r < MANY; r += 127) {
        assert_ok(encoder->ops->regions(encoder, &input, masks + r * cells, 1, alone, &error));
        assert_true(largest_difference(all + r * dim, alone, dim) < 1e-5);
    }
    assert_true(largest_difference(all, all + dim, dim) > 1e-3);
    free(masks), free(picture), free(all);
}

static void many_regions_do_not_mix(void **state) {
    (void)state;
    for_each_encoder(3, check_many_regions);
}

/* More sizes than position embeddings are kept for, and the first again. */
static void sizes_come_and_go(void **state) {
    (void)state;
    cs_error error;
    char *folder;
    cs_model *model = open_dense_model("vit-hf", "onednn", &folder);
    cs_image_encoder *encoder = model->image;
    float *texts = make_texts(encoder->dim), first[DENSE_TEXTS * 144], again[DENSE_TEXTS * 144];
    for (int width = 24; width <= 96; width += 8) {
        float *picture = make_picture(0, 64, width);
        const cs_dense_input input = {.picture = picture, .height = 64, .width = width};
        assert_ok(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, width == 24 ? first : again, NULL, &error));
        free(picture);
    }
    float *picture = make_picture(0, 64, 24);
    const cs_dense_input input = {.picture = picture, .height = 64, .width = 24};
    assert_ok(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, again, NULL, &error));
    assert_true(largest_difference(first, again, DENSE_TEXTS * 8 * 3) < 1e-6);
    free(picture), free(texts);
    close_dense_model(model, folder);
}

/* Features on a grid at least as fine as the map's. */
static void check_features(cs_image_encoder *encoder) {
    cs_error error;
    int rows, cols;
    encoder->ops->dense_size(encoder, 64, 96, 0, &rows, &cols);
    float *picture = make_picture(0, 64, 96), *texts = make_texts(encoder->dim), *out = malloc(1 << 16);
    for (const char *const *variant = encoder->dense_variants; *variant; variant++) {
        cs_features features = {0};
        const cs_dense_input input = {.picture = picture, .height = 64, .width = 96, .variant = *variant};
        assert_ok(encoder->ops->dense(encoder, &input, texts, DENSE_TEXTS, out, &features, &error));
        assert_true(features.data && features.rows >= rows && features.cols >= cols && features.channels > 0);
        double squares = 0;
        for (int k = 0; k < features.rows * features.cols * features.channels; k++)
            squares += (double)features.data[k] * features.data[k];
        assert_true(squares > 0 && isfinite(squares));
        free(features.data);
    }
    free(picture), free(texts), free(out);
}

static void features_come_with_a_pass(void **state) {
    (void)state;
    for_each_encoder(4, check_features);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsuitable_requests_are_refused),
        cmocka_unit_test(the_whole_picture_as_a_region_is_its_embedding),
        cmocka_unit_test(a_staggered_cell_is_two_fine_ones),
        cmocka_unit_test(many_regions_do_not_mix),
        cmocka_unit_test(sizes_come_and_go),
        cmocka_unit_test(features_come_with_a_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

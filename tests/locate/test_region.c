/* The region method: what an encoder is asked, maps against numpy and PyTorch, and what it makes of a cat. */
#include "model/dense_inputs.h"

#include <jansson.h>

#include "locate/cat_scene.h"
#include "model/prompts.h"
#include "support/worst.h"

static cs_image *open_test_picture(const char *name) {
    cs_error error;
    cs_image *image;
    char path[64];
    snprintf(path, sizeof path, "models/pictures/%s", name);
    assert_ok(cs_image_open(test_data(path), NULL, &image, &error));
    return image;
}

static const cs_localize_options by_region = {.method = CS_METHOD_REGION};

/* ---- Against numpy and PyTorch: tests/references/make_region.py ---- */

enum { EVERY = 6 };

/* Largest difference of a map's cosines. rows: JSON, every sixth cell of every sixth row. */
static double difference(const cs_model *model, const cs_map *map, const json_t *rows) {
    double largest = 0;
    assert_int_equal(json_array_size(rows), (map->rows + EVERY - 1) / EVERY);
    for (int y = 0; y < map->rows; y += EVERY) {
        const json_t *row = json_array_get(rows, (size_t)(y / EVERY));
        assert_int_equal(json_array_size(row), (map->cols + EVERY - 1) / EVERY);
        for (int x = 0; x < map->cols; x += EVERY) {
            double wanted = json_number_value(json_array_get(row, (size_t)(x / EVERY)));
            double found = (map->raw[y * map->cols + x] - model->logit_bias) / model->logit_scale;
            largest = worse(largest, fabs(found - wanted));
        }
    }
    return largest;
}

static void check_maps(const cs_model *model, const cs_maps *maps, const json_t *item) {
    assert_int_equal(cs_maps_count(maps), DENSE_TEXTS);
    for (size_t p = 0; p < DENSE_TEXTS; p++) {
        cs_map map = cs_maps_get(maps, p);
        assert_int_equal(map.method, CS_METHOD_REGION);
        assert_int_equal(map.rows, json_integer_value(json_object_get(item, "rows")));
        assert_int_equal(map.cols, json_integer_value(json_object_get(item, "cols")));
        assert_true(map.window_rows == 0 && map.logits == NULL);
        double off = difference(model, &map, json_array_get(json_object_get(item, "cosines"), p));
        if (!(off < 1e-4)) fail_msg("off by %g", off);
    }
}

static void check_case(const json_t *item, const char *backend) {
    cs_error error;
    cs_maps *maps;
    char *folder;
    cs_model *model = open_dense_model(json_string_value(json_object_get(item, "model")), backend, &folder);
    cs_image *image = open_test_picture(json_string_value(json_object_get(item, "picture")));
    const cs_prompts prompts = {DENSE_TEXTS, model->config.dim, NULL, make_texts(model->config.dim)};
    assert_ok(cs_localize(model, &prompts, image, &by_region, &maps, &error));
    check_maps(model, maps, item);
    cs_maps_destroy(maps);
    free(prompts.embeddings);
    cs_image_close(image);
    close_dense_model(model, folder);
}

static void check_cases(const char *backend) {
    json_t *cases = json_load_file(test_data("region/expected.json"), 0, NULL);
    assert_int_equal(json_array_size(cases), 4);
    for (size_t i = 0; i < 4; i++)
        check_case(json_array_get(cases, i), backend);
    json_decref(cases);
}

static void maps_match_pytorch(void **state) {
    (void)state;
    check_cases("onednn");
}

static void maps_of_the_reference_backend_match_pytorch(void **state) {
    (void)state;
    check_cases("reference");
}

/* ---- An encoder that looks at what it is asked ---- */

enum { GRID = 4, STEP = 16 };

typedef struct curious_encoder {
    cs_image_encoder base;
    int calls, regions;
    int covered[GRID * 2 * GRID]; /* by how many regions is a cell seen? */
} curious_encoder;

static void curious_size(const cs_image_encoder *encoder, int height, int width, int coarse, int *rows, int *cols) {
    (void)encoder;
    assert_false(coarse);
    *rows = height / STEP;
    *cols = width / STEP;
}

/* A region's embedding is (1, 0) if it lies in the left half alone, else (0, 1). */
static cs_status curious_regions(cs_image_encoder *encoder, const cs_dense_input *input, const unsigned char *masks,
                                 int k, float *out, cs_error *error) {
    curious_encoder *curious = (curious_encoder *)encoder;
    assert_int_equal(input->height, GRID * STEP);
    assert_int_equal(input->width, 2 * GRID * STEP);
    curious->calls++;
    curious->regions = k;
    for (int i = 0; i < k; i++) {
        int right = 0;
        for (int cell = 0; cell < 2 * GRID * GRID; cell++) {
            curious->covered[cell] += masks[i * 2 * GRID * GRID + cell];
            right |= masks[i * 2 * GRID * GRID + cell] && cell % (2 * GRID) >= GRID;
        }
        out[2 * i] = right ? 0 : 1;
        out[2 * i + 1] = right ? 1 : 0;
    }
    return cs_masks_check(masks, k, 2 * GRID * GRID, error);
}

static const cs_image_encoder_ops curious_ops = {.dense_size = curious_size, .regions = curious_regions};

/* Two halves of one colour each. */
static cs_image *halves(void) {
    cs_error error;
    cs_image *image;
    uint8_t *pixels = malloc(200 * 100 * 3);
    for (int i = 0; i < 200 * 100; i++)
        memset(pixels + 3 * i, i % 200 < 100 ? 40 : 200, 3);
    assert_ok(cs_image_from_rgb(pixels, 200, 100, 0, &image, &error));
    free(pixels);
    return image;
}

static cs_model curious_model(curious_encoder *encoder) {
    static char curious[] = "curious";
    *encoder = (curious_encoder){.base = {&curious_ops, GRID * STEP / 2, 2, STEP, NULL}};
    cs_model model = {.threads = 1, .batch = 1, .logit_scale = 10, .image = &encoder->base};
    model.config.dim = 2;
    model.config.image_size = GRID * STEP / 2;
    model.config.image_kind = CS_IMAGE_VIT;
    model.config.model_type = curious;
    model.preprocess = (cs_preprocess){.edge = 32, .crop = 32, .filter = CS_FILTER_BICUBIC, .std = {1, 1, 1}};
    model.preprocess.threads = 1;
    return model;
}

static void regions_of_every_cut_are_asked_for_at_once(void **state) {
    (void)state;
    cs_error error;
    cs_maps *maps;
    curious_encoder encoder;
    cs_model model = curious_model(&encoder);
    float embeddings[] = {1, 0, 0, 1};
    const cs_prompts prompts = {2, 2, NULL, embeddings};
    cs_image *image = halves();
    assert_ok(cs_localize(&model, &prompts, image, &by_region, &maps, &error));
    assert_int_equal(encoder.calls, 1);
    assert_true(encoder.regions > 250 && encoder.regions < 450); /* 10 + 50 + 100 + 200 */
    int all = 0;
    for (int cell = 0; cell < 2 * GRID * GRID; cell++) {
        assert_true(encoder.covered[cell] >= 4);
        all += encoder.covered[cell];
    }
    assert_true(all >= encoder.regions); /* small regions share cells */
    cs_map map = cs_maps_get(maps, 0);
    assert_int_equal(map.rows, 64);
    assert_int_equal(map.cols, 128);
    for (int i = 0; i < map.rows * map.cols; i++) {
        float left = i % 128 < 64 ? 1 : 0;
        assert_true(map.cells[i] == left && map.raw[i] == 10 * left);
        assert_true(cs_maps_get(maps, 1).cells[i] == 1 - left);
    }
    cs_maps_destroy(maps);
    cs_image_close(image);
}

static void a_model_without_regions_is_refused(void **state) {
    (void)state;
    cs_error error;
    cs_maps *maps = NULL;
    curious_encoder encoder;
    cs_model model = curious_model(&encoder);
    const cs_image_encoder_ops none = {.dense_size = curious_size};
    float embeddings[] = {1, 0};
    const cs_prompts prompts = {1, 2, NULL, embeddings};
    cs_image *image = halves();
    encoder.base.ops = &none;
    assert_fails(cs_localize(&model, &prompts, image, &by_region, &maps, &error), CS_ERR_UNSUPPORTED,
                 "a model of type 'curious' cannot embed");
    cs_image_close(image);
}

static void other_options_are_refused(void **state) {
    (void)state;
    cs_error error;
    cs_maps *maps = NULL;
    curious_encoder encoder;
    cs_model model = curious_model(&encoder);
    cs_localize_options options = by_region;
    options.window = 3;
    assert_fails(cs_localize(&model, NULL, NULL, &options, &maps, &error), CS_ERR_ARGUMENT, "nothing slides");
    options = by_region;
    options.recipe = CS_RECIPE_CHAPTER;
    assert_fails(cs_localize(&model, NULL, NULL, &options, &maps, &error), CS_ERR_ARGUMENT, "chapter");
}

/* ---- With the starter ---- */

static void the_cat_is_found_and_the_giraffe_is_not(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    const cs_detect_options options = {.localize = by_region, .min_score = 0.2f};
    assert_ok(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error));
    const cs_detection *box = cs_detections_get(detections);
    assert_true(cs_detections_count(detections) >= 1);
    assert_true(box[0].prompt == 0 && box[0].x < 180 && box[0].x + box[0].width > 280);
    assert_true(box[0].y < 80 && box[0].y + box[0].height > 220 && box[0].y + box[0].height < 300.01f);
    for (size_t i = 0; i < cs_detections_count(detections); i++)
        assert_int_equal(box[i].prompt, 0);
    cs_detections_destroy(detections);
}

static int stop_before_the_pass(void *context, size_t done, size_t total) {
    size_t *calls = context;
    ++*calls;
    assert_int_equal(total, 2);
    return done == 1;
}

static void progress_can_cancel(void **state) {
    (void)state;
    cs_error error;
    cs_maps *maps = NULL;
    size_t calls = 0;
    curious_encoder encoder;
    cs_model model = curious_model(&encoder);
    float embeddings[] = {1, 0};
    const cs_prompts prompts = {1, 2, NULL, embeddings};
    cs_image *image = halves();
    cs_localize_options options = by_region;
    options.progress = (cs_progress){stop_before_the_pass, &calls};
    assert_fails(cs_localize(&model, &prompts, image, &options, &maps, &error), CS_ERR_CANCELLED, "cancelled");
    assert_null(maps);
    assert_int_equal(calls, 2);
    assert_int_equal(encoder.calls, 0);
    cs_image_close(image);
}

/* Photographs of one pixel, one row, one column. */
static void tiny_photographs_have_maps(void **state) {
    cat_scene *s = *state;
    cs_error error;
    static const int sizes[][2] = {{1, 1}, {300, 1}, {1, 300}, {3, 5}};
    for (size_t i = 0; i < 4; i++) {
        cs_image *image;
        cs_maps *maps;
        assert_ok(cs_image_from_rgb(s->image->pixels, sizes[i][0], sizes[i][1], 900, &image, &error));
        assert_ok(cs_localize(s->model, s->prompts, image, &by_region, &maps, &error));
        cs_map map = cs_maps_get(maps, 0);
        assert_true(fabsf((float)map.cols * map.cell_width - (float)sizes[i][0]) < 1e-3f);
        assert_true(fabsf((float)map.rows * map.cell_height - (float)sizes[i][1]) < 1e-3f);
        cs_maps_destroy(maps);
        cs_image_close(image);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_match_pytorch),
        cmocka_unit_test(maps_of_the_reference_backend_match_pytorch),
        cmocka_unit_test(regions_of_every_cut_are_asked_for_at_once),
        cmocka_unit_test(a_model_without_regions_is_refused),
        cmocka_unit_test(other_options_are_refused),
        cmocka_unit_test_setup_teardown(the_cat_is_found_and_the_giraffe_is_not, open_cat_scene, close_cat_scene),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test_setup_teardown(tiny_photographs_have_maps, open_cat_scene, close_cat_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

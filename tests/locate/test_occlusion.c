/* The occlusion method: the black square to the bit, maps against PyTorch, and what it makes of a cat. */
#include "parity/made_model.h"

#include <jansson.h>
#include <math.h>

#include "image/occluder.h"
#include "locate/cat_scene.h"
#include "locate/window.h"
#include "support/worst.h"

/* ---- The square ---- */

typedef struct resize {
    int width, height, to_width, to_height;
} resize;

/* Across first, down first, one side as it is, both, larger, a single row. */
static const resize resizes[] = {{101, 58, 32, 32}, {38, 197, 32, 32}, {64, 90, 64, 30}, {90, 64, 30, 64},
                                 {40, 40, 40, 40},  {23, 19, 48, 48},  {70, 1, 16, 16},  {300, 200, 37, 24}};

static cs_image *noise(int width, int height) {
    cs_error error;
    cs_image *image;
    size_t bytes = (size_t)width * (size_t)height * 3;
    uint8_t *pixels = malloc(bytes);
    uint32_t state = 12345;
    for (size_t i = 0; i < bytes; i++) {
        state = state * 1664525u + 1013904223u;
        pixels[i] = (uint8_t)(state >> 24);
    }
    assert_ok(cs_image_from_rgb(pixels, width, height, 0, &image, &error));
    free(pixels);
    return image;
}

/* The definition: painted, then resized. */
static void resize_painted(const cs_image *image, const cs_black *black, const resize *r, cs_filter filter,
                           uint8_t *out) {
    cs_error error;
    cs_image *copy;
    assert_ok(cs_image_from_rgb(image->pixels, image->width, image->height, 0, &copy, &error));
    for (int y = black->y; y < black->y + black->height; y++)
        memset(copy->pixels + ((size_t)y * (size_t)copy->width + (size_t)black->x) * 3, 0, (size_t)black->width * 3);
    assert_ok(
        cs_resample(cs_image_view(copy), r->to_width, r->to_height, filter, 1, out, (size_t)r->to_width * 3, &error));
    cs_image_close(copy);
}

/* Rectangles in no order at all, the whole photograph and none among them. */
static cs_black rectangle(const resize *r, int number) {
    if (number == 0) return (cs_black){0, 0, 0, 0};
    if (number == 1) return (cs_black){0, 0, r->width, r->height};
    int x = number * 37 % r->width, y = number * 53 % r->height;
    return (cs_black){x, y, 1 + number * 7 % (r->width - x), 1 + number * 11 % (r->height - y)};
}

static void check_resize(const resize *r, cs_filter filter, int threads) {
    cs_error error;
    cs_occluder *occluder;
    cs_image *image = noise(r->width, r->height);
    size_t bytes = (size_t)r->to_width * (size_t)r->to_height * 3;
    uint8_t *found = malloc(bytes), *wanted = malloc(bytes);
    assert_ok(cs_occluder_create(cs_image_view(image), r->to_width, r->to_height, filter, threads, &occluder, &error));
    for (int i = 0; i < 12; i++) {
        cs_black black = rectangle(r, i);
        resize_painted(image, &black, r, filter, wanted);
        assert_ok(cs_occluder_make(occluder, &black, found, &error));
        assert_memory_equal(found, wanted, bytes);
    }
    cs_occluder_destroy(occluder);
    cs_image_close(image);
    free(found);
    free(wanted);
}

static void squares_equal_painting_to_the_bit(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof resizes / sizeof *resizes; i++)
        for (int filter = CS_FILTER_NEAREST; filter <= CS_FILTER_BICUBIC; filter++)
            for (int threads = 1; threads <= 3; threads += 2)
                check_resize(&resizes[i], (cs_filter)filter, threads);
}

static int goes_by_columns(const resize *r) {
    cs_error error;
    cs_occluder *occluder;
    cs_image *image = noise(r->width, r->height);
    assert_ok(
        cs_occluder_create(cs_image_view(image), r->to_width, r->to_height, CS_FILTER_BICUBIC, 1, &occluder, &error));
    int by_columns = cs_occluder_by_columns(occluder);
    cs_occluder_destroy(occluder);
    cs_image_close(image);
    return by_columns;
}

static void both_orders_of_passes_are_tested(void **state) {
    (void)state;
    assert_true(goes_by_columns(&resizes[0]));
    assert_false(goes_by_columns(&resizes[1]));
}

/* ---- Against PyTorch: tests/references/make_occlusion.py ---- */

static const char *text_of(const json_t *item, const char *key) {
    return json_string_value(json_object_get(item, key));
}

static int number_of(const json_t *item, const char *key) {
    return (int)json_integer_value(json_object_get(item, key));
}

/* Largest difference, relative where numbers are above one. rows: JSON [height][width]. */
static double difference(const float *found, const json_t *rows, int height, int width) {
    double largest = 0;
    assert_int_equal(json_array_size(rows), height);
    for (int y = 0; y < height; y++) {
        const json_t *row = json_array_get(rows, (size_t)y);
        assert_int_equal(json_array_size(row), width);
        for (int x = 0; x < width; x++) {
            double wanted = json_number_value(json_array_get(row, (size_t)x));
            largest = worse(largest, fabs(found[y * width + x] - wanted) / fmax(1, fabs(wanted)));
        }
    }
    return largest;
}

static cs_maps *maps_of(cs_model *model, const cs_prompts *prompts, const json_t *item) {
    cs_error error;
    cs_image *image;
    cs_maps *maps;
    char name[64];
    cs_localize_options options = {.method = CS_METHOD_OCCLUSION};
    options.recipe = strcmp(text_of(item, "recipe"), "chapter") == 0 ? CS_RECIPE_CHAPTER : CS_RECIPE_DEFAULT;
    options.patch = number_of(item, "patch");
    options.window = number_of(item, "window");
    options.stride = number_of(item, "stride");
    snprintf(name, sizeof name, "models/pictures/%s", text_of(item, "picture"));
    assert_ok(cs_image_open(test_data(name), NULL, &image, &error));
    assert_ok(cs_localize(model, prompts, image, &options, &maps, &error));
    cs_image_close(image);
    return maps;
}

/* Hiding what is no part of the object may raise the likeness: such patches are zero by default. True where that
 * matters, the mean being below zero. */
static int check_negative(const cs_map *map) {
    double mean = 0;
    for (int i = 0; i < map->rows * map->cols; i++) {
        assert_true(map->raw[i] > 0 || map->cells[i] == 0);
        mean += (double)map->raw[i];
    }
    return mean < 0;
}

/* Of a drop both logits may be off. */
static int check_case(const json_t *item, const json_t *labels, const char *backend) {
    cs_error error;
    cs_model *model;
    cs_prompts *prompts;
    const cs_model_options options = {.backend = backend, .threads = 2, .batch = 5};
    const char *names[2] = {json_string_value(json_array_get(labels, 0)), json_string_value(json_array_get(labels, 1))};
    char *folder = make_model(text_of(item, "model"));
    assert_ok(cs_model_open(folder, &options, &model, &error));
    assert_ok(cs_prompts_create(model, names, 2, NULL, &prompts, &error));
    cs_maps *maps = maps_of(model, prompts, item);
    int negative = 0;
    for (size_t p = 0; p < 2; p++) {
        cs_map map = cs_maps_get(maps, p);
        assert_int_equal(map.method, CS_METHOD_OCCLUSION);
        assert_true(difference(map.logits, json_array_get(json_object_get(item, "logits"), p), map.window_rows,
                               map.window_cols) < 1e-4);
        assert_true(difference(map.raw, json_array_get(json_object_get(item, "raw"), p), map.rows, map.cols) < 2e-4);
        if (strcmp(text_of(item, "recipe"), "default") == 0) negative += check_negative(&map);
    }
    cs_maps_destroy(maps);
    cs_prompts_destroy(prompts);
    cs_model_close(model);
    remove_folder(folder);
    return negative;
}

static void check_cases(const char *backend) {
    json_t *expected = json_load_file(test_data("occlusion/expected.json"), 0, NULL), *cases;
    assert_non_null(expected);
    cases = json_object_get(expected, "cases");
    assert_true(json_array_size(cases) >= 10);
    int negative = 0;
    for (size_t i = 0; i < json_array_size(cases); i++)
        negative += check_case(json_array_get(cases, i), json_object_get(expected, "prompts"), backend);
    assert_true(negative > 0);
    json_decref(expected);
}

static void maps_match_pytorch(void **state) {
    (void)state;
    check_cases("onednn");
}

static void maps_of_the_reference_backend_match_pytorch(void **state) {
    (void)state;
    check_cases("reference");
}

/* ---- With the starter ---- */

static const cs_localize_options coarse = {.method = CS_METHOD_OCCLUSION, .patch = 50, .window = 2};

/* Every square drawn by hand, and each photograph classified by itself, squashed as the method does it. */
static void a_drop_is_what_hiding_costs(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_maps *maps;
    assert_ok(cs_localize(s->model, s->prompts, s->image, &coarse, &maps, &error));
    cs_map map = cs_maps_get(maps, 0);
    assert_int_equal(map.window_rows, 5);
    assert_int_equal(map.window_cols, 8);
    int side = cs_model_image_size(s->model);
    uint8_t *pixels = malloc((size_t)side * (size_t)side * 3);
    for (int i = 0; i < 40; i += 13) {
        cs_black black = {i % 8 * 50, i / 8 * 50, 100, 100};
        resize r = {s->image->width, s->image->height, side, side};
        cs_image *square;
        float logits[2];
        resize_painted(s->image, &black, &r, CS_FILTER_BICUBIC, pixels);
        assert_ok(cs_image_from_rgb(pixels, side, side, 0, &square, &error));
        assert_ok(cs_classify(s->model, s->prompts, square, logits, NULL, &error));
        assert_true(fabsf(logits[0] - map.logits[i]) < 1e-3f);
        cs_image_close(square);
    }
    free(pixels);
    cs_maps_destroy(maps);
}

static double mean_of(const cs_map *map, int top, int bottom, int left, int right) {
    double sum = 0;
    for (int row = top; row < bottom; row++)
        for (int col = left; col < right; col++)
            sum += (double)map->raw[row * map->cols + col];
    return sum / ((bottom - top) * (right - left));
}

static void hiding_the_cats_face_costs_more_than_the_wall(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_maps *maps;
    float highest = 0;
    assert_ok(cs_localize(s->model, s->prompts, s->image, &coarse, &maps, &error));
    cs_map map = cs_maps_get(maps, 0);
    for (int i = 0; i < map.rows * map.cols; i++) {
        assert_true(map.cells[i] >= 0 && map.cells[i] <= 1);
        assert_true(map.raw[i] > 0 || map.cells[i] == 0);
        highest = fmaxf(highest, map.cells[i]);
    }
    assert_true(highest == 1.0f);
    double face = mean_of(&map, 1, 5, 2, 7); /* the wall is at the left and right edge */
    assert_true(face > 0.2);
    assert_true(face > 3 * mean_of(&map, 0, 6, 0, 1) && face > 3 * mean_of(&map, 0, 6, 8, 9));
    cs_maps_destroy(maps);
}

static void the_giraffe_that_is_not_there_scores_low(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    cs_detect_options options = {.localize = coarse};
    assert_ok(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error));
    const cs_detection *box = cs_detections_get(detections);
    assert_true(cs_detections_count(detections) >= 1 && box[0].prompt == 0 && box[0].score > 0.3f);
    for (size_t i = 0; i < cs_detections_count(detections); i++)
        assert_true(box[i].prompt == 0 || box[i].score < 0.1f);
    cs_detections_destroy(detections);
}

static int stop_at_the_second(void *context, size_t done, size_t total) {
    size_t *calls = context;
    assert_int_equal(total, 41); /* the photograph itself and 40 squares */
    assert_true(done <= total);
    return ++*calls == 2;
}

static void progress_can_cancel(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_maps *maps = NULL;
    size_t calls = 0;
    cs_localize_options options = coarse;
    options.progress = (cs_progress){stop_at_the_second, &calls};
    assert_fails(cs_localize(s->model, s->prompts, s->image, &options, &maps, &error), CS_ERR_CANCELLED, "cancelled");
    assert_null(maps);
    assert_int_equal(calls, 2);
}

static void a_square_that_does_not_fit_is_refused(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_maps *maps = NULL;
    const cs_localize_options options = {.method = CS_METHOD_OCCLUSION, .patch = 100, .window = 4};
    assert_fails(cs_localize(s->model, s->prompts, s->image, &options, &maps, &error), CS_ERR_ARGUMENT, "does not fit");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(squares_equal_painting_to_the_bit),
        cmocka_unit_test(both_orders_of_passes_are_tested),
        cmocka_unit_test(maps_match_pytorch),
        cmocka_unit_test(maps_of_the_reference_backend_match_pytorch),
        cmocka_unit_test(a_drop_is_what_hiding_costs),
        cmocka_unit_test(hiding_the_cats_face_costs_more_than_the_wall),
        cmocka_unit_test(the_giraffe_that_is_not_there_scores_low),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test(a_square_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, open_cat_scene, close_cat_scene);
}

/* The chapter's whole path on its photograph with a small random CLIP: windows, logits, map and box as an independent
 * rendering of the notebook in PyTorch gives them (tests/references/chapter.py). */
#include "parity/made_model.h"

#include <jansson.h>

#include "support/worst.h"

enum { PROMPTS = 2 };

typedef struct chapter {
    json_t *expected; /* one object per label */
    cs_model *model;
    cs_prompts *prompts;
    cs_image *photo;
} chapter;

static const char *label_of(const json_t *expected, size_t index) {
    return json_string_value(json_object_get(json_array_get(expected, index), "label"));
}

/* 0 where the photograph is not here. */
static int open_chapter(chapter *c) {
    cs_error error;
    const char *photo = shared_data("chapter/cat_butterfly.jpg"), *labels[PROMPTS];
    const cs_model_options options = {.threads = 2};
    if (!photo) return 0;
    assert_ok(cs_image_open(photo, NULL, &c->photo, &error));
    c->expected = json_load_file(test_data("chapter/expected.json"), 0, NULL);
    assert_int_equal(json_array_size(c->expected), PROMPTS);
    for (size_t i = 0; i < PROMPTS; i++)
        labels[i] = label_of(c->expected, i);
    char *folder = make_model("hf-vit-b-32");
    assert_ok(cs_model_open(folder, &options, &c->model, &error));
    assert_ok(cs_prompts_create(c->model, labels, PROMPTS, NULL, &c->prompts, &error));
    remove_folder(folder);
    return 1;
}

static void close_chapter(chapter *c) {
    cs_image_close(c->photo);
    cs_prompts_destroy(c->prompts);
    cs_model_close(c->model);
    json_decref(c->expected);
}

static double largest_difference(const float *found, const json_t *rows, int height, int width) {
    double largest = 0;
    assert_int_equal(json_array_size(rows), height);
    for (int y = 0; y < height; y++) {
        const json_t *row = json_array_get(rows, (size_t)y);
        assert_int_equal(json_array_size(row), width);
        for (int x = 0; x < width; x++)
            largest = worse(largest, fabs(found[y * width + x] - json_number_value(json_array_get(row, (size_t)x))));
    }
    return largest;
}

static void maps_equal_the_notebooks(void **state) {
    (void)state;
    cs_error error;
    cs_maps *maps;
    chapter c;
    const cs_localize_options options = {.recipe = CS_RECIPE_CHAPTER};
    if (!open_chapter(&c)) skip();
    assert_ok(cs_localize(c.model, c.prompts, c.photo, &options, &maps, &error));
    for (size_t p = 0; p < PROMPTS; p++) {
        const json_t *expected = json_array_get(c.expected, p);
        cs_map map = cs_maps_get(maps, p);
        assert_int_equal(map.rows, 20);
        assert_int_equal(map.cols, 13);
        double logits =
            largest_difference(map.logits, json_object_get(expected, "logits"), map.window_rows, map.window_cols);
        double cells = largest_difference(map.cells, json_object_get(expected, "map"), map.rows, map.cols);
        print_message("%s: logits within %.1e, map within %.1e\n", label_of(c.expected, p), logits, cells);
        assert_true(logits < 1e-3);
        assert_true(cells < 1e-3);
    }
    cs_maps_destroy(maps);
    close_chapter(&c);
}

static void boxes_equal_the_notebooks(void **state) {
    (void)state;
    cs_error error;
    cs_detections *found;
    chapter c;
    const cs_detect_options options = {.localize = {.recipe = CS_RECIPE_CHAPTER}};
    if (!open_chapter(&c)) skip();
    assert_ok(cs_detect(c.model, c.prompts, c.photo, &options, &found, &error));
    assert_int_equal(cs_detections_count(found), PROMPTS);
    for (size_t p = 0; p < PROMPTS; p++) {
        const cs_detection *box = &cs_detections_get(found)[p];
        const float sides[4] = {box->x, box->y, box->width, box->height};
        const json_t *expected = json_object_get(json_array_get(c.expected, p), "box");
        assert_int_equal(box->prompt, p);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal((int)sides[i], json_integer_value(json_array_get(expected, i)));
    }
    cs_detections_destroy(found);
    close_chapter(&c);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(maps_equal_the_notebooks),
        cmocka_unit_test(boxes_equal_the_notebooks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

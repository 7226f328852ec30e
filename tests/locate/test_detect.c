/* Detection and localization with the starter on a photograph that the project ships. */
#include "locate/cat_scene.h"

#include <math.h>
#include <string.h>

static void boxes_lie_in_the_photograph_sorted_and_above_the_minimum(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    const cs_detect_options options = {.min_score = 0};
    assert_ok(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error));
    const cs_detection *box = cs_detections_get(detections);
    float width = (float)cs_image_width(s->image), height = (float)cs_image_height(s->image);
    assert_true(cs_detections_count(detections) > 0);
    for (size_t i = 0; i < cs_detections_count(detections); i++) {
        assert_true(box[i].x >= 0 && box[i].y >= 0 && box[i].width > 0 && box[i].height > 0);
        assert_true(box[i].x + box[i].width <= width + 0.01f && box[i].y + box[i].height <= height + 0.01f);
        assert_true(box[i].score >= 0 && box[i].score <= 1);
        if (i == 0 || box[i].prompt != box[i - 1].prompt) continue;
        assert_true(box[i].score <= box[i - 1].score);
    }
    cs_detections_destroy(detections);
}

static void the_cat_is_found_and_the_giraffe_is_not(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    const cs_detect_options options = {.min_score = cs_model_default_min_score(s->model)};
    assert_ok(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error));
    const cs_detection *box = cs_detections_get(detections);
    assert_true(cs_detections_count(detections) >= 1);
    /* the cat's face is in the middle of the picture */
    assert_int_equal(box[0].prompt, 0);
    assert_true(box[0].x < 225 && box[0].x + box[0].width > 225 && box[0].y < 150 && box[0].y + box[0].height > 150);
    for (size_t i = 0; i < cs_detections_count(detections); i++)
        assert_int_equal(box[i].prompt, 0);
    cs_detections_destroy(detections);
}

static void the_chapters_recipe_draws_one_box_a_prompt(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    cs_detect_options options = CS_DETECT_OPTIONS_DEFAULT;
    options.localize.recipe = CS_RECIPE_CHAPTER;
    assert_ok(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error));
    assert_int_equal(cs_detections_count(detections), 2);
    for (size_t i = 0; i < 2; i++) {
        const cs_detection *box = &cs_detections_get(detections)[i];
        assert_int_equal(box->prompt, i);
        assert_true(fmodf(box->x, 23) == 0 && fmodf(box->width, 23) == 0); /* 300 pixels / 13 patches */
    }
    cs_detections_destroy(detections);
}

static void map_cells_are_normalised_and_logits_are_those_of_the_windows(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_maps *maps;
    const cs_localize_options options = {.patch = 50, .window = 3};
    assert_ok(cs_localize(s->model, s->prompts, s->image, &options, &maps, &error));
    assert_int_equal(cs_maps_count(maps), 2);
    cs_map map = cs_maps_get(maps, 0);
    assert_int_equal(map.rows, 6);
    assert_int_equal(map.cols, 9);
    float low = 1, high = 0;
    for (int i = 0; i < map.rows * map.cols; i++) {
        low = fminf(low, map.cells[i]);
        high = fmaxf(high, map.cells[i]);
    }
    assert_true(low == 0 && high == 1);
    /* the first window, cut out and classified by itself: square and resized alike */
    cs_image *window;
    float logits[2];
    assert_ok(
        cs_image_from_rgb(cs_image_pixels(s->image), 150, 150, (size_t)cs_image_width(s->image) * 3, &window, &error));
    assert_ok(cs_classify(s->model, s->prompts, window, logits, NULL, &error));
    assert_true(fabsf(logits[0] - map.logits[0]) < 1e-3f);
    cs_image_close(window);
    cs_maps_destroy(maps);
}

static int stop_at_once(void *context, size_t done, size_t total) {
    size_t *calls = context;
    assert_true(done <= total);
    return ++*calls == 2;
}

static void progress_can_cancel(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections = NULL;
    cs_maps *maps = NULL;
    size_t calls = 0;
    cs_detect_options options = CS_DETECT_OPTIONS_DEFAULT;
    options.localize.progress = (cs_progress){stop_at_once, &calls};
    assert_fails(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error), CS_ERR_CANCELLED,
                 "cancelled");
    assert_null(detections);
    calls = 0;
    assert_fails(cs_localize(s->model, s->prompts, s->image, &options.localize, &maps, &error), CS_ERR_CANCELLED,
                 "cancelled");
    assert_null(maps);
}

static void options_out_of_range_are_named(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_detections *detections;
    cs_detect_options options = {.threshold = 1.5f};
    assert_fails(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error), CS_ERR_ARGUMENT,
                 "threshold");
    options = (cs_detect_options){.min_score = NAN};
    assert_fails(cs_detect(s->model, s->prompts, s->image, &options, &detections, &error), CS_ERR_ARGUMENT,
                 "min_score");
}

static void prompts_are_checked(void **state) {
    cat_scene *s = *state;
    cs_error error;
    cs_prompts *prompts;
    const char *empty[] = {"a cat", " \t"}, *broken[] = {"caf\xe9"}, *good[] = {"dog"};
    assert_fails(cs_prompts_create(s->model, empty, 2, NULL, &prompts, &error), CS_ERR_ARGUMENT, "prompt 2");
    assert_fails(cs_prompts_create(s->model, broken, 1, NULL, &prompts, &error), CS_ERR_FORMAT, "UTF-8");
    assert_fails(cs_prompts_create(s->model, good, 0, NULL, &prompts, &error), CS_ERR_ARGUMENT, "at least one");
    assert_fails(cs_prompts_create(s->model, good, 1, "a photo", &prompts, &error), CS_ERR_ARGUMENT, "{}");
}

/* A template is the same as writing it out. */
static void templates_are_filled(void **state) {
    cat_scene *s = *state;
    cs_error error;
    const char *label[] = {"dog"}, *filled[] = {"a photo of a dog."};
    cs_prompts *a, *b;
    assert_ok(cs_prompts_create(s->model, label, 1, "a photo of a {}.", &a, &error));
    assert_ok(cs_prompts_create(s->model, filled, 1, NULL, &b, &error));
    assert_memory_equal(cs_prompts_embeddings(a), cs_prompts_embeddings(b), 512 * sizeof(float));
    assert_string_equal(cs_prompts_label(a, 0), "dog");
    cs_prompts_destroy(a);
    cs_prompts_destroy(b);
}

static void probabilities_add_up(void **state) {
    cat_scene *s = *state;
    cs_error error;
    float logits[2], probabilities[2];
    assert_ok(cs_classify(s->model, s->prompts, s->image, logits, probabilities, &error));
    assert_true(fabsf(probabilities[0] + probabilities[1] - 1) < 1e-6f);
    assert_true(probabilities[0] > 0.8f && logits[0] > logits[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(boxes_lie_in_the_photograph_sorted_and_above_the_minimum),
        cmocka_unit_test(the_cat_is_found_and_the_giraffe_is_not),
        cmocka_unit_test(the_chapters_recipe_draws_one_box_a_prompt),
        cmocka_unit_test(map_cells_are_normalised_and_logits_are_those_of_the_windows),
        cmocka_unit_test(progress_can_cancel),
        cmocka_unit_test(options_out_of_range_are_named),
        cmocka_unit_test(prompts_are_checked),
        cmocka_unit_test(templates_are_filled),
        cmocka_unit_test(probabilities_add_up),
    };
    return cmocka_run_group_tests(tests, open_cat_scene, close_cat_scene);
}

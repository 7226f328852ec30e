/* What may change a prompt's boxes, and what may not, with the starter on a photograph that the project ships. */
#include "locate/cat_scene.h"

#include <math.h>
#include <string.h>

#include "model/prompts.h"

static cs_error error;

static cs_detections *detect(cat_scene *s, const char *const *labels, size_t n, const char *negative) {
    cs_prompts *prompts, *negatives = NULL;
    cs_detections *found;
    assert_ok(cs_prompts_create(s->model, labels, n, NULL, &prompts, &error));
    if (negative) assert_ok(cs_prompts_create(s->model, &negative, 1, NULL, &negatives, &error));
    const cs_detect_options options = {.negatives = negatives};
    assert_ok(cs_detect(s->model, prompts, s->image, &options, &found, &error));
    cs_prompts_destroy(prompts);
    cs_prompts_destroy(negatives);
    return found;
}

/* The highest score of the first prompt; 0 where it has no box. */
static float best_of(cat_scene *s, const char *label, const char *negative) {
    cs_detections *found = detect(s, &label, 1, negative);
    float best = cs_detections_count(found) > 0 ? cs_detections_get(found)[0].score : 0;
    cs_detections_destroy(found);
    return best;
}

/* Its weights and its calibration.json are committed together. */
static void the_starter_is_calibrated(void **state) {
    cat_scene *s = *state;
    assert_true(cs_model_is_calibrated(s->model));
    assert_in_range((int)(1000 * cs_model_default_min_score(s->model)), 100, 600);
}

/* A cat fills the photograph: nothing else may pass for it. */
static void what_is_not_there_gives_no_box(void **state) {
    cat_scene *s = *state;
    const char *const labels[] = {"a dog", "a violin", "a butterfly", "an elephant", "a tiger", "a person", "a chair"};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        float best = best_of(s, labels[i], NULL);
        if (best >= cs_model_default_min_score(s->model)) fail_msg("%s: %f", labels[i], (double)best);
    }
}

static void other_prompts_change_nothing(void **state) {
    const char *labels[] = {"a cat", "a dog", "an animal", "a kitten", "a tiger"};
    cs_detections *alone = detect(*state, labels, 1, NULL), *together = detect(*state, labels, 5, NULL);
    const cs_detection *a = cs_detections_get(alone), *b = cs_detections_get(together);
    size_t count = cs_detections_count(alone);
    assert_true(count > 0 && cs_detections_count(together) > count);
    assert_int_equal(b[count].prompt, 1);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(b[i].prompt, 0);
        assert_float_equal(a[i].score, b[i].score, 1e-5);
        assert_float_equal(a[i].x, b[i].x, 0.01);
        assert_float_equal(a[i].y, b[i].y, 0.01);
        assert_float_equal(a[i].width, b[i].width, 0.01);
        assert_float_equal(a[i].height, b[i].height, 0.01);
    }
    cs_detections_destroy(alone);
    cs_detections_destroy(together);
}

static void a_negative_lowers_what_it_fits_better(void **state) {
    float cat = best_of(*state, "a cat", NULL), lynx = best_of(*state, "a lynx", NULL);
    assert_true(cat > 0.5f && lynx < cat);
    assert_true(best_of(*state, "a lynx", "a cat") < 0.5f * lynx);
    assert_float_equal(best_of(*state, "a cat", "a violin"), cat, 1e-6);
}

static void negatives_of_another_model_are_refused(void **state) {
    cat_scene *s = *state;
    const char *label = "a cat";
    cs_prompts *prompts;
    cs_detections *found = NULL;
    const cs_prompts foreign = {.count = 1, .dim = 3};
    const cs_detect_options options = {.negatives = &foreign};
    assert_ok(cs_prompts_create(s->model, &label, 1, NULL, &prompts, &error));
    assert_fails(cs_detect(s->model, prompts, s->image, &options, &found, &error), CS_ERR_ARGUMENT,
                 "negatives: expected prompts of this model (512 numbers each), found 3");
    assert_null(found);
    cs_prompts_destroy(prompts);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_starter_is_calibrated),
        cmocka_unit_test(what_is_not_there_gives_no_box),
        cmocka_unit_test(other_prompts_change_nothing),
        cmocka_unit_test(a_negative_lowers_what_it_fits_better),
        cmocka_unit_test(negatives_of_another_model_are_refused),
    };
    return cmocka_run_group_tests(tests, open_cat_scene, close_cat_scene);
}

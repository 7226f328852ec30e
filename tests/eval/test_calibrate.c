/* From pairs of photograph and class to a calibration, and back into a model. */
#include "eval/calibration_scene.h"

#include "eval/calibrate.h"
#include "locate/presence.h"
#include "model/model.h"

static cs_error error;

enum { PAIRS = 400 };

/* A fit that holds made-up pairs: the present ones of higher evidence, with some of either kind out of place. */
static cs_calibration_fit fit_of(cs_calibration_pair *pairs, cs_model *model, float mean_slope) {
    for (int i = 0; i < PAIRS; i++) {
        int present = i % 4 == 0, odd = i % 17 == 3;
        float evidence = (present != odd ? 0.5f : 0.05f) + 0.4f * (float)((i * 37) % 100) / 100;
        pairs[i] = (cs_calibration_pair){evidence, 0.1f + (present ? mean_slope : -mean_slope), (unsigned char)present};
    }
    return (cs_calibration_fit){
        .model = model, .method = CS_METHOD_DENSE, .pairs = pairs, .count = PAIRS, .photographs = 20};
}

static void the_minimum_lets_one_absent_pair_in_fifty_through(void **state) {
    (void)state;
    cs_model model = {.calibration = {.weights = "0123456789abcdef"}};
    cs_calibration_pair pairs[PAIRS];
    cs_calibration_fit fit = fit_of(pairs, &model, 0.02f);
    cs_calibration_figures figures;
    assert_ok(cs_calibration_fit_solve(&fit, &figures, &error));
    assert_int_equal(figures.photographs, 20);
    assert_int_equal(figures.present, 100);
    assert_int_equal(figures.absent, 300);
    assert_true(figures.evidence > 0 && figures.spread > 0);
    assert_true(figures.absent_rate <= 0.02 && figures.absent_rate > 0.01);
    assert_true(figures.present_rate > 0.8 && figures.present_rate < 1);
    assert_string_equal(fit.calibration.weights, "0123456789abcdef");
    assert_string_equal(fit.calibration.method, "dense");
    /* the mean probability is the share of what is present: logistic regression without a ridge on the intercept */
    double sum = 0;
    for (int i = 0; i < PAIRS; i++)
        sum += (double)cs_presence_score(&fit.calibration, CS_METHOD_DENSE, pairs[i].evidence, pairs[i].spread);
    assert_float_equal(sum, 100, 0.01);
}

static void a_falling_weight_is_left_out(void **state) {
    (void)state;
    cs_model model = {.calibration = {.is_set = 0}};
    cs_calibration_pair pairs[PAIRS];
    cs_calibration_figures figures, alone;
    cs_calibration_fit fit = fit_of(pairs, &model, -0.05f);
    assert_ok(cs_calibration_fit_solve(&fit, &figures, &error));
    assert_float_equal(figures.spread, 0, 0);
    for (int i = 0; i < PAIRS; i++)
        pairs[i].spread = 0.5f; /* whose logit is 0: as if it were not there */
    assert_ok(cs_calibration_fit_solve(&fit, &alone, &error));
    assert_float_equal(figures.evidence, alone.evidence, 1e-6);
    assert_float_equal(figures.intercept, alone.intercept, 1e-6);
}

static void pairs_of_one_kind_are_refused(void **state) {
    (void)state;
    cs_model model = {.calibration = {.is_set = 0}};
    cs_calibration_pair pairs[PAIRS];
    cs_calibration_fit fit = fit_of(pairs, &model, 0);
    for (int i = 0; i < PAIRS; i++)
        pairs[i].present = 0;
    assert_fails(cs_calibration_fit_solve(&fit, NULL, &error), CS_ERR_ARGUMENT, "of 400 pairs");
    fit.count = 0;
    assert_fails(cs_calibration_fit_solve(&fit, NULL, &error), CS_ERR_ARGUMENT, "of 0 pairs");
    assert_fails(cs_calibration_fit_save(&fit, "/tmp/x.json", NULL, &error), CS_ERR_ARGUMENT, "nothing to write");
}

/* ---- With a model ---- */

static void a_model_opens_with_what_was_fitted(void **state) {
    scene *s = *state;
    cs_calibration_fit *fit;
    cs_calibration_figures figures;
    char path[4096], *written;
    cs_model *again;
    assert_false(cs_model_is_calibrated(s->model));
    assert_float_equal(cs_model_default_min_score(s->model), 0.5f, 0);
    assert_ok(cs_calibration_fit_create(s->model, s->prompts, NULL, &fit, &error));
    for (size_t photo = 0; photo < cs_dataset_count(s->dataset); photo++)
        assert_ok(cs_calibration_fit_add(fit, s->dataset, photo, s->image, &error));
    assert_ok(cs_calibration_fit_solve(fit, &figures, &error));
    assert_int_equal(figures.photographs, cs_dataset_count(s->dataset));
    assert_true(figures.present > 0 && figures.absent > 0);
    assert_true(figures.present + figures.absent < 2 * cs_dataset_class_count(s->dataset)); /* a sofa is difficult */
    snprintf(path, sizeof path, "%s/calibration.json", s->folder);
    assert_ok(cs_calibration_fit_save(fit, path, &written, &error));
    assert_string_equal(written, path);
    cs_string_free(written);
    cs_calibration_fit_destroy(fit);
    assert_ok(cs_model_open(s->folder, NULL, &again, &error));
    assert_true(cs_model_is_calibrated(again));
    assert_float_equal(cs_model_default_min_score(again), figures.min_score, 1e-6);
    cs_model_close(again);
}

static void what_cannot_be_calibrated_is_refused(void **state) {
    scene *s = *state;
    cs_calibration_fit *fit;
    cs_prompts *one;
    const char *label = "cat";
    const cs_detect_options chapter = {.localize = {.recipe = CS_RECIPE_CHAPTER}};
    assert_ok(cs_calibration_fit_create(s->model, s->prompts, &chapter, &fit, &error));
    assert_fails(cs_calibration_fit_add(fit, s->dataset, 0, s->image, &error), CS_ERR_ARGUMENT, "no evidence");
    cs_calibration_fit_destroy(fit);
    assert_ok(cs_prompts_create(s->model, &label, 1, NULL, &one, &error));
    assert_ok(cs_calibration_fit_create(s->model, one, NULL, &fit, &error));
    assert_fails(cs_calibration_fit_add(fit, s->dataset, 0, s->image, &error), CS_ERR_ARGUMENT, "one prompt per class");
    cs_calibration_fit_destroy(fit);
    cs_prompts_destroy(one);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_minimum_lets_one_absent_pair_in_fifty_through),
        cmocka_unit_test(a_falling_weight_is_left_out),
        cmocka_unit_test(pairs_of_one_kind_are_refused),
        cmocka_unit_test_setup_teardown(a_model_opens_with_what_was_fitted, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(what_cannot_be_calibrated_is_refused, open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

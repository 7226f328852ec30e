/* Evidence and scores: each prompt is judged by itself, and never the worse for more evidence. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "locate/dense_doubt.h"
#include "locate/presence.h"
#include "model/backgrounds.h"

static cs_error error;

static const cs_calibration sample = {
    .is_set = 1, .method = "dense", .intercept = 1, .evidence = 1.5, .spread = 0.5, .min_score = 0.3};

/* ---- Scores ---- */

static void the_logit_is_held_at_both_ends(void **state) {
    (void)state;
    assert_float_equal(cs_presence_logit(0.5), 0, 1e-12);
    assert_float_equal(cs_presence_logit(0.75), log(3), 1e-12);
    assert_float_equal(cs_presence_logit(0), -log(999), 1e-9);
    assert_float_equal(cs_presence_logit(-3), -log(999), 1e-9);
    assert_float_equal(cs_presence_logit(NAN), -log(999), 1e-9);
    assert_float_equal(cs_presence_logit(1), log(999), 1e-9);
    assert_float_equal(cs_presence_logit(7), log(999), 1e-9);
}

static void a_score_is_the_logistic_function_of_both(void **state) {
    (void)state;
    double z = 1 + 1.5 * log(0.4 / 0.6) + 0.5 * log(0.05 / 0.95);
    assert_float_equal(cs_presence_score(&sample, CS_METHOD_DENSE, 0.4f, 0.05f), 1 / (1 + exp(-z)), 1e-6);
}

static void more_evidence_never_lowers_a_score(void **state) {
    (void)state;
    for (int i = 0; i <= 100; i++) {
        for (int j = 0; j <= 100; j++) {
            float e = (float)i / 100, m = (float)j / 100, score = cs_presence_score(&sample, CS_METHOD_DENSE, e, m);
            assert_true(score >= 0 && score <= 1);
            assert_true(cs_presence_score(&sample, CS_METHOD_DENSE, e + 0.01f, m) >= score);
            assert_true(cs_presence_score(&sample, CS_METHOD_DENSE, e, m + 0.01f) >= score);
        }
    }
}

static void without_its_calibration_a_score_is_the_evidence(void **state) {
    (void)state;
    const cs_calibration none = {.is_set = 0, .method = "dense", .evidence = 9};
    assert_float_equal(cs_presence_score(&none, CS_METHOD_DENSE, 0.4f, 0.05f), 0.4f, 0);
    assert_float_equal(cs_presence_score(&sample, CS_METHOD_WINDOW, 0.4f, 0.05f), 0.4f, 0);
    assert_float_equal(cs_presence_score(&none, CS_METHOD_DENSE, -0.4f, 0), 0, 0);
    assert_float_equal(cs_presence_score(&none, CS_METHOD_DENSE, 1.4f, 0), 1, 0);
}

/* ---- Evidence ---- */

enum { TEXTS = 4, CELLS = 3 };

/* Two prompts, then a negative, then a background; a map of three cells each. */
static cs_presence_texts texts_of(char **labels, int is_share) {
    return (cs_presence_texts){.joined = {.count = TEXTS, .dim = 1, .labels = labels},
                               .prompts = 2,
                               .negatives = 1,
                               .backgrounds = 1,
                               .is_share = is_share};
}

static cs_maps *maps_of(const float values[TEXTS][CELLS]) {
    const cs_map shape = {.method = CS_METHOD_DENSE, .rows = 1, .cols = CELLS, .cell_width = 1, .cell_height = 1};
    cs_maps *maps;
    assert_ok(cs_maps_create(TEXTS, &shape, &maps, &error));
    for (size_t i = 0; i < TEXTS; i++) {
        memcpy(maps->cosines[i], values[i], sizeof values[i]);
        memcpy((float *)maps->items[i].raw, values[i], sizeof values[i]);
    }
    return maps;
}

static void a_share_is_lowered_where_a_negative_fits_better(void **state) {
    (void)state;
    char *labels[] = {"a cat", "a dog", "a fox", "the sky"};
    const float cosines[TEXTS][CELLS] = {{0.8f, 0.3f, -0.1f}, {0.1f, 0.6f, 1.2f}, {0.2f, 0.6f, 0.5f}, {1, 1, 1}};
    const cs_presence_texts texts = texts_of(labels, 1);
    cs_maps *maps = maps_of(cosines);
    float spreads[2];
    assert_ok(cs_presence_evidence(&texts, maps, spreads, &error));
    assert_int_equal(cs_maps_count(maps), 2);
    const float expected[2][CELLS] = {{0.8f, 0.15f, 0}, {0.05f, 0.6f, 1}};
    for (size_t p = 0; p < 2; p++) {
        for (size_t i = 0; i < CELLS; i++)
            assert_float_equal(maps->cosines[p][i], expected[p][i], 1e-6);
        double squares = 0;
        for (size_t i = 0; i < CELLS; i++)
            squares += (double)expected[p][i] * (double)expected[p][i];
        assert_float_equal(spreads[p], sqrt(squares / CELLS), 1e-6);
    }
    cs_maps_destroy(maps);
}

static void a_ratio_is_the_prompts_share_of_the_softmax(void **state) {
    (void)state;
    char *labels[] = {"a cat", "the sky at night", "a fox", "the sky"};
    const float logits[TEXTS][CELLS] = {{25, 20, 300}, {22, 27, -300}, {21, 21, 0}, {24, 26, 0}};
    const cs_presence_texts texts = texts_of(labels, 0);
    cs_maps *maps = maps_of(logits);
    float spreads[2];
    assert_ok(cs_presence_evidence(&texts, maps, spreads, &error));
    /* the other prompt does not compete, and neither does a background that the label names */
    assert_float_equal(maps->cosines[0][0], 1 / (1 + exp(-4) + exp(-1)), 1e-6);
    assert_float_equal(maps->cosines[0][1], 1 / (1 + exp(1) + exp(6)), 1e-6);
    assert_float_equal(maps->cosines[0][2], 1, 0);
    assert_float_equal(maps->cosines[1][0], 1 / (1 + exp(-1)), 1e-6);
    assert_float_equal(maps->cosines[1][1], 1 / (1 + exp(-6)), 1e-6);
    assert_float_equal(maps->cosines[1][2], 0, 0);
    cs_maps_destroy(maps);
}

/* Where windows move, the best window's share is spread as the map is. */
static void windows_share_their_best(void **state) {
    (void)state;
    char *labels[] = {"a cat", "a dog", "a fox", "the sky"};
    const cs_presence_texts texts = texts_of(labels, 0);
    const cs_map shape = {
        .method = CS_METHOD_WINDOW, .rows = 1, .cols = CELLS, .window_rows = 1, .window_cols = 2, .window = 2};
    cs_maps *maps;
    float spreads[2];
    assert_ok(cs_maps_create(TEXTS, &shape, &maps, &error));
    const float logits[TEXTS][2] = {{25, 20}, {20, 20}, {24, 20}, {23, 20}}, cells[] = {1, 0.5f, 0};
    for (size_t i = 0; i < TEXTS; i++)
        memcpy((float *)maps->items[i].logits, logits[i], sizeof logits[i]);
    memcpy((float *)maps->items[0].cells, cells, sizeof cells);
    assert_ok(cs_presence_evidence(&texts, maps, spreads, &error));
    double best = 1 / (1 + exp(-1) + exp(-2));
    for (size_t i = 0; i < CELLS; i++)
        assert_float_equal(maps->cosines[0][i], best * (double)cells[i], 1e-6);
    cs_maps_destroy(maps);
}

static void a_background_is_named_by_whole_words(void **state) {
    (void)state;
    assert_true(cs_background_is_named("a person", "a person in the snow"));
    assert_true(cs_background_is_named("the sky", "Sky"));
    assert_true(cs_background_is_named("food", "dog food"));
    assert_false(cs_background_is_named("food", "foodstuff"));
    assert_false(cs_background_is_named("sand", "a thousand"));
    assert_false(cs_background_is_named("a plant", "a planter"));
    assert_false(cs_background_is_named("a wall", ""));
}

/* ---- The detail pass ---- */

static void bare_surfaces_are_not_believed(void **state) {
    (void)state;
    const cs_dense_recipe recipe = {.detail_classes = 50};
    float certainty[] = {1 / 51.0f, 1 / 49.0f}, maps[] = {0.8f, 0.8f, 0.4f, 0.2f};
    const cs_certainty seen = {1, 2, certainty}, unknown = {0, 0, NULL};
    assert_ok(cs_dense_doubt(&recipe, &unknown, 2, 1, 2, maps, &error));
    assert_float_equal(maps[0], 0.8f, 0);
    assert_ok(cs_dense_doubt(&recipe, &seen, 2, 1, 2, maps, &error));
    assert_float_equal(maps[0], 0, 0);
    assert_float_equal(maps[1], 0.8f, 1e-6);
    assert_float_equal(maps[2], 0, 0);
    assert_float_equal(maps[3], 0.2f, 1e-6);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_logit_is_held_at_both_ends),
        cmocka_unit_test(a_score_is_the_logistic_function_of_both),
        cmocka_unit_test(more_evidence_never_lowers_a_score),
        cmocka_unit_test(without_its_calibration_a_score_is_the_evidence),
        cmocka_unit_test(a_share_is_lowered_where_a_negative_fits_better),
        cmocka_unit_test(a_ratio_is_the_prompts_share_of_the_softmax),
        cmocka_unit_test(windows_share_their_best),
        cmocka_unit_test(a_background_is_named_by_whole_words),
        cmocka_unit_test(bare_surfaces_are_not_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

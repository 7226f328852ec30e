/* Rectangles in a map: against trying every one, in known maps, and as boxes. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/boxes.h"
#include "locate/detections.h"
#include "locate/rectangles.h"

static const cs_rectangle_options first_only = {0.5f, 1, 0};

typedef struct found {
    cs_region *items;
    size_t count;
} found;

static found find(const cs_grid *grid, const cs_rectangle_options *options, const float *scores) {
    cs_error error;
    found f = {NULL, 99};
    assert_ok(cs_grid_rectangles(grid, options, scores, &f.items, &f.count, &error));
    return f;
}

static double gain_of(const cs_grid *grid, float charge, int top, int bottom, int left, int right) {
    double sum = 0;
    for (int row = top; row < bottom; row++)
        for (int col = left; col < right; col++)
            sum += (double)grid->values[row * grid->cols + col] - (double)charge;
    return sum;
}

/* The largest gain, by trying every rectangle. */
static double best_gain(const cs_grid *grid, float charge) {
    double best = 0;
    for (int top = 0; top < grid->rows; top++)
        for (int bottom = top + 1; bottom <= grid->rows; bottom++)
            for (int left = 0; left < grid->cols; left++)
                for (int right = left + 1; right <= grid->cols; right++)
                    best = fmax(best, gain_of(grid, charge, top, bottom, left, right));
    return best;
}

static float random_value(uint32_t *state) {
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) / 16777216.0f;
}

static void the_first_gains_as_much_as_any(void **state) {
    (void)state;
    uint32_t seed = 1;
    static const int sizes[][2] = {{1, 1}, {1, 9}, {9, 1}, {7, 5}, {5, 8}, {8, 8}};
    for (int trial = 0; trial < 300; trial++) {
        const int *size = sizes[trial % 6];
        float values[64], charge = 0.3f + 0.5f * random_value(&seed);
        for (int i = 0; i < size[0] * size[1]; i++)
            values[i] = random_value(&seed);
        cs_grid grid = {size[0], size[1], 1, 1, values};
        double best = best_gain(&grid, charge);
        found f = find(&grid, &(cs_rectangle_options){charge, 1, 0}, NULL);
        assert_int_equal(f.count, best > 0);
        if (f.count == 0) continue;
        const cs_region *r = f.items;
        assert_true(fabs(gain_of(&grid, charge, r->top, r->bottom, r->left, r->right) - best) < 1e-6);
        assert_int_equal(r->cells, (r->right - r->left) * (r->bottom - r->top));
        free(f.items);
    }
}

/* Two objects, the second smaller; the hole in the first belongs to it, the bright cell beyond does not. */
static float two[] = {1, 1, 1, 0, 0,    0,    0,    /* */
                      1, 0, 1, 0, 0,    0.9f, 0.9f, /* */
                      1, 1, 1, 0, 0,    0.9f, 0.9f, /* */
                      0, 0, 0, 0, 0,    0,    0,    /* */
                      0, 0, 0, 0, 0.6f, 0,    0};
static const cs_grid two_grid = {5, 7, 10, 20, two};

static void further_ones_come_from_the_rest(void **state) {
    (void)state;
    found f = find(&two_grid, &(cs_rectangle_options){0.5f, 10, 0.1f}, NULL);
    assert_int_equal(f.count, 2);
    const cs_region *a = &f.items[0], *b = &f.items[1];
    assert_true(a->top == 0 && a->bottom == 3 && a->left == 0 && a->right == 3);
    assert_true(b->top == 1 && b->bottom == 3 && b->left == 5 && b->right == 7);
    assert_true(a->peak == 1 && fabsf(a->mean - 8.0f / 9.0f) < 1e-6f && fabsf(b->mean - 0.9f) < 1e-6f);
    free(f.items);
}

static void options_say_when_to_stop(void **state) {
    (void)state;
    /* gains: 8 - 4.5 = 3.5, 3.6 - 2 = 1.6, 0.1 */
    static const struct {
        cs_rectangle_options options;
        size_t count;
    } cases[] = {
        {{0.5f, 1, 0}, 1}, {{0.5f, 10, 0}, 3}, {{0.5f, 10, 0.4f}, 2}, {{0.5f, 10, 0.5f}, 1}, {{1.5f, 10, 0}, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        found f = find(&two_grid, &cases[i].options, NULL);
        assert_int_equal(f.count, cases[i].count);
        assert_true((f.items == NULL) == (f.count == 0));
        free(f.items);
    }
}

static void what_lies_in_a_rectangle_is_spent(void **state) {
    (void)state;
    float values[] = {1, 1, 1, 1};
    cs_grid grid = {1, 4, 1, 1, values};
    found f = find(&grid, &(cs_rectangle_options){0.5f, 10, 0}, NULL);
    assert_int_equal(f.count, 1);
    assert_true(values[0] == 1); /* but the map is not touched */
    free(f.items);
}

/* Both ends of the cross are worth more apart than together: what lies between them is spent, but costs its charge. */
static void spent_cells_are_no_bridge(void **state) {
    (void)state;
    float values[] = {0, 3, 0, 0.9f, 3, 0.9f, 0, 3, 0};
    cs_grid grid = {3, 3, 1, 1, values};
    found f = find(&grid, &(cs_rectangle_options){0.5f, 10, 0}, NULL);
    assert_int_equal(f.count, 3);
    assert_int_equal(f.items[0].cells, 3);
    assert_true(f.items[1].cells == 1 && f.items[2].cells == 1);
    free(f.items);
}

static void peaks_are_those_of_the_scores(void **state) {
    (void)state;
    float scores[35];
    for (int i = 0; i < 35; i++)
        scores[i] = (float)i / 100;
    found f = find(&two_grid, &first_only, scores);
    assert_true(fabsf(f.items[0].peak - 0.16f) < 1e-6f && fabsf(f.items[0].mean - 0.08f) < 1e-6f);
    free(f.items);
}

static void boxes_are_rectangles_by_the_rule(void **state) {
    (void)state;
    cs_error error;
    cs_detections *detections;
    float mean = 0; /* the charge is a share of it; here it shall be a half */
    for (int i = 0; i < 35; i++)
        mean += two[i] / 35;
    const cs_box_options options = {CS_BOX_RECTANGLES, CS_SCORE_PEAK, 0.5f / mean, 0};
    assert_ok(cs_detections_create(&detections, &error));
    assert_ok(cs_boxes_find(&two_grid, two, &options, 3, detections, &error));
    assert_int_equal(cs_detections_count(detections), 2);
    const cs_detection *box = cs_detections_get(detections);
    assert_true(box[1].prompt == 3 && box[1].score == 0.9f);
    assert_true(box[1].x == 50 && box[1].y == 20 && box[1].width == 20 && box[1].height == 40);
    cs_detections_destroy(detections);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_gains_as_much_as_any),   cmocka_unit_test(further_ones_come_from_the_rest),
        cmocka_unit_test(options_say_when_to_stop),         cmocka_unit_test(what_lies_in_a_rectangle_is_spent),
        cmocka_unit_test(spent_cells_are_no_bridge),        cmocka_unit_test(peaks_are_those_of_the_scores),
        cmocka_unit_test(boxes_are_rectangles_by_the_rule),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

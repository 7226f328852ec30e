/* Outliers of a map, and weights of resized positions, by their definitions. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/outliers.h"
#include "model/positions.h"

static float *make_gram(const float *points, int n, int dim) {
    float *gram = malloc((size_t)(n * n) * sizeof *gram);
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            double sum = 0;
            for (int k = 0; k < dim; k++)
                sum += (double)points[i * dim + k] * points[j * dim + k];
            gram[i * n + j] = (float)sum;
        }
    }
    return gram;
}

/* Points 0, 1, 2, 3, 100 on a line: k is 2, squared distances to the 2nd nearest 4, 1, 1, 4, 98^2. */
static void factors_by_hand(void **state) {
    (void)state;
    cs_error error;
    const float points[] = {0, 1, 2, 3, 100};
    const double expected[] = {4 * (1 / 1.0 + 1 / 1.0) / 2, 1 * (1 / 4.0 + 1 / 1.0) / 2, 1 * (1 / 4.0 + 1 / 1.0) / 2,
                               4 * (1 / 1.0 + 1 / 1.0) / 2, 9604 * (1 / 4.0 + 1 / 1.0) / 2};
    float *gram = make_gram(points, 5, 1), factors[5];
    unsigned char outliers[5];
    assert_ok(cs_outlier_factors(gram, 5, factors, &error));
    for (int i = 0; i < 5; i++)
        assert_true(fabs(factors[i] - expected[i]) < 1e-3 * expected[i]);
    assert_ok(cs_outliers(factors, 5, outliers, &error));
    const unsigned char only_last[5] = {0, 0, 0, 0, 1};
    assert_memory_equal(outliers, only_last, 5);
    free(gram);
}

/* 40 points: 30 neighbours are looked at, the 95 % quantile lies between the 38th and the 39th. */
static void a_twentieth_are_outliers(void **state) {
    (void)state;
    cs_error error;
    float points[40], factors[40];
    unsigned char outliers[40];
    for (int i = 0; i < 40; i++)
        points[i] = (float)i + (i % 7 == 3 ? 0.3f : 0);
    points[11] = 90;
    points[30] = -80;
    float *gram = make_gram(points, 40, 1);
    assert_ok(cs_outlier_factors(gram, 40, factors, &error));
    assert_ok(cs_outliers(factors, 40, outliers, &error));
    for (int i = 0; i < 40; i++)
        assert_int_equal(outliers[i], i == 11 || i == 30);
    free(gram);
}

/* Equal points have no distances to divide by. */
static void equal_points_are_no_outliers(void **state) {
    (void)state;
    cs_error error;
    float points[3 * 12], factors[12];
    unsigned char outliers[12], none[12] = {0};
    for (int i = 0; i < 36; i++)
        points[i] = 7;
    float *gram = make_gram(points, 12, 3);
    assert_ok(cs_outlier_factors(gram, 12, factors, &error));
    assert_ok(cs_outliers(factors, 12, outliers, &error));
    assert_memory_equal(outliers, none, 12);
    free(gram);
}

/* 3 x 4 cells of value 1 .. 12; the corner and its neighbour are outliers, and so is one in the middle. */
static void outliers_become_their_neighbours_mean(void **state) {
    (void)state;
    const unsigned char outliers[12] = {1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
    float map[24];
    for (int i = 0; i < 24; i++)
        map[i] = i % 2 ? 1000 : (float)(i / 2 + 1);
    cs_replace_outliers(3, 4, 2, outliers, map);
    assert_float_equal(map[0], (5 + 6) / 2.0, 1e-6);
    assert_float_equal(map[2], (3 + 5 + 6) / 3.0, 1e-6);
    assert_float_equal(map[12], (3 + 4 + 6 + 8 + 10 + 11 + 12) / 7.0, 1e-5);
    assert_float_equal(map[4], 3, 0);
    for (int i = 1; i < 24; i += 2)
        assert_float_equal(map[i], 1000, 1e-3);
}

static void an_outlier_among_outliers_stays(void **state) {
    (void)state;
    const unsigned char outliers[4] = {1, 1, 1, 1};
    float map[4] = {1, 2, 3, 4};
    cs_replace_outliers(2, 2, 1, outliers, map);
    assert_float_equal(map[3], 4, 0);
}

static void position_weights_keep_what_is_constant(void **state) {
    (void)state;
    const int sizes[][2] = {{7, 7}, {7, 14}, {7, 21}, {14, 5}, {1, 3}, {3, 1}};
    for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
        int in = sizes[i / 2][0], out = sizes[i / 2][1];
        float weights[21 * 14];
        cs_position_weights((cs_position_filter)(i % 2), in, out, weights);
        for (int r = 0; r < out; r++) {
            double sum = 0;
            for (int c = 0; c < in; c++) {
                sum += (double)weights[r * in + c];
                if (in == out) assert_float_equal(weights[r * in + c], r == c, 1e-6);
            }
            assert_float_equal(sum, 1, 1e-6);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(factors_by_hand),
        cmocka_unit_test(a_twentieth_are_outliers),
        cmocka_unit_test(equal_points_are_no_outliers),
        cmocka_unit_test(outliers_become_their_neighbours_mean),
        cmocka_unit_test(an_outlier_among_outliers_stays),
        cmocka_unit_test(position_weights_keep_what_is_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

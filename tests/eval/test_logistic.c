/* Logistic regression against scipy (tests/references/logistic.py), and where it has no answer. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "eval/logistic.h"

enum { SAMPLES = 40 };

static cs_error error;

/* The reference's samples; with one column the second is left out. */
static size_t make_samples(int columns, double *x, unsigned char *y) {
    size_t ones = 0;
    for (int i = 0; i < SAMPLES; i++) {
        double a = sin(1.7 * i) * 2, b = cos(0.9 * i) + 0.05 * i;
        x[i * columns] = a;
        if (columns == 2) x[i * columns + 1] = b;
        y[i] = a + 0.5 * b + 1.5 * sin(37.0 * i) > 0.4;
        ones += y[i];
    }
    return ones;
}

static void expect_fit(int columns, double ridge, const double *weights, double intercept) {
    double x[2 * SAMPLES], found[2] = {0, 0}, constant;
    unsigned char y[SAMPLES];
    assert_int_equal(make_samples(columns, x, y), 21);
    assert_ok(cs_logistic_fit(x, y, SAMPLES, columns, ridge, found, &constant, &error));
    for (int i = 0; i < columns; i++)
        assert_float_equal(found[i], weights[i], 1e-6);
    assert_float_equal(constant, intercept, 1e-6);
}

static void it_finds_what_scipy_finds(void **state) {
    (void)state;
    expect_fit(2, 1, (const double[]){1.633750334, 0.577808192}, -0.410580427);
    expect_fit(2, 1e-6, (const double[]){2.220666870, 1.032374561}, -0.805213868);
    expect_fit(1, 0.5, (const double[]){1.724552362}, 0.173588626);
}

/* Without the ridge the weight would grow for ever; with it, the slope of the loss is zero. */
static void separable_samples_have_an_answer(void **state) {
    (void)state;
    const double x[] = {-500, -400, 400, 500};
    const unsigned char y[] = {0, 0, 1, 1};
    double weight, intercept, slope;
    assert_ok(cs_logistic_fit(x, y, 4, 1, 1, &weight, &intercept, &error));
    assert_true(weight > 0 && isfinite(weight));
    assert_float_equal(intercept, 0, 1e-9);
    slope = weight;
    for (int i = 0; i < 4; i++)
        slope += x[i] * (1 / (1 + exp(-weight * x[i])) - y[i]);
    assert_float_equal(slope, 0, 1e-6);
}

static void one_answer_alone_is_refused(void **state) {
    (void)state;
    const double x[] = {1, 2, 3};
    double weight, intercept;
    assert_fails(cs_logistic_fit(x, (const unsigned char[]){1, 1, 1}, 3, 1, 1, &weight, &intercept, &error),
                 CS_ERR_ARGUMENT, "both answers among the 3 samples");
    assert_fails(cs_logistic_fit(x, (const unsigned char[]){0, 0, 0}, 3, 1, 1, &weight, &intercept, &error),
                 CS_ERR_ARGUMENT, "both answers");
    assert_fails(cs_logistic_fit(x, NULL, 0, 1, 1, &weight, &intercept, &error), CS_ERR_ARGUMENT, "both answers");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_finds_what_scipy_finds),
        cmocka_unit_test(separable_samples_have_an_answer),
        cmocka_unit_test(one_answer_alone_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

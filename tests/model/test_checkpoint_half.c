/* 16-bit numbers to f32: the definition against arithmetic, the fast path against the definition. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/half.h"

enum { ALL = 65536 };

static uint32_t bits(float value) {
    uint32_t result;
    memcpy(&result, &value, sizeof result);
    return result;
}

/* The value of a finite half by its formula. */
static double formula(unsigned half, int exponent_bits, int fraction_bits) {
    unsigned fraction = half & ((1u << fraction_bits) - 1);
    int exponent = (int)(half >> fraction_bits & ((1u << exponent_bits) - 1)), bias = (1 << (exponent_bits - 1)) - 1;
    double value = exponent ? ldexp(1.0 + ldexp(fraction, -fraction_bits), exponent - bias)
                            : ldexp(fraction, 1 - bias - fraction_bits);
    return half & 0x8000 ? -value : value;
}

static void test_half_definition(void **state) {
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        float value = cs_half_to_float((uint16_t)i);
        assert_int_equal(bits(value) >> 31, i >> 15);
        if ((i & 0x7c00) != 0x7c00)
            assert_true(value == formula(i, 5, 10));
        else if (i & 0x3ff)
            assert_true(isnan(value));
        else
            assert_true(isinf(value));
    }
    assert_true(cs_half_to_float(0x449b) == 4.60546875f); /* CLIP's logit_scale */
}

static void test_bfloat_definition(void **state) {
    (void)state;
    for (unsigned i = 0; i < ALL; i++) {
        float value = cs_bfloat_to_float((uint16_t)i);
        assert_int_equal(bits(value), i << 16);
        if ((i & 0x7f80) != 0x7f80) assert_true(value == formula(i, 8, 7));
    }
}

/* All values from memory at every offset within an f32, with a length that leaves a rest. */
static void check_all(void (*convert)(const void *, size_t, float *), float (*definition)(uint16_t)) {
    for (size_t offset = 0; offset < 4; offset++) {
        uint8_t *from = malloc(ALL * 2 + offset);
        float *to = malloc(sizeof(float) * ALL);
        assert_true(from && to);
        for (unsigned i = 0; i < ALL; i++) {
            uint16_t value = (uint16_t)i;
            memcpy(from + offset + 2 * i, &value, 2);
        }
        size_t n = ALL - offset;
        convert(from + offset + 2 * offset, n, to);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(bits(to[i]), bits(definition((uint16_t)(i + offset))));
        free(from);
        free(to);
    }
}

static void test_arrays(void **state) {
    (void)state;
    check_all(cs_halves_to_floats, cs_half_to_float);
    check_all(cs_halves_to_floats_plain, cs_half_to_float);
    check_all(cs_bfloats_to_floats, cs_bfloat_to_float);
}

static void test_short_arrays_stay_inside(void **state) {
    (void)state;
    for (size_t n = 0; n < 40; n++) {
        uint16_t *from = malloc(2 * n + 1);
        float *to = malloc(sizeof(float) * (n + 1));
        assert_true(from && to);
        for (size_t i = 0; i < n; i++)
            from[i] = (uint16_t)(0x3c00 + i);
        to[n] = -7;
        cs_halves_to_floats(from, n, to);
        for (size_t i = 0; i < n; i++)
            assert_true(to[i] == cs_half_to_float(from[i]));
        assert_true(to[n] == -7);
        free(from);
        free(to);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_half_definition), cmocka_unit_test(test_bfloat_definition),
                                       cmocka_unit_test(test_arrays), cmocka_unit_test(test_short_arrays_stay_inside)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

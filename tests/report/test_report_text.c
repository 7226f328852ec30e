/* Labels made safe, widths of text, numbers as text. */
#include "support/support.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/number.h"
#include "report/text.h"
#include "sample.h"

static void bad_bytes_become_replacement_characters(void **state) {
    (void)state;
    char *clean = cs_text_clean(HOSTILE);
    assert_string_equal(clean, HOSTILE_CLEAN);
    free(clean);
    /* An unfinished sequence, a surrogate, and a code point past the last. */
    clean = cs_text_clean("a\xe2\x82");
    assert_string_equal(clean, "a\uFFFD\uFFFD");
    free(clean);
    clean = cs_text_clean("\xed\xa0\x80|\xf4\x90\x80\x80");
    assert_string_equal(clean, "\uFFFD\uFFFD\uFFFD|\uFFFD\uFFFD\uFFFD\uFFFD");
    free(clean);
}

static void control_characters_are_written_out(void **state) {
    (void)state;
    char *visible = cs_text_visible("a\n\t\r\x1b[2J\x7f\xc2\x85\u2028\u202e\u2067 b\u00e9");
    assert_string_equal(visible, "a\\n\\t\\r\\x1b[2J\\x7f\\u{85}\\u{2028}\\u{202e}\\u{2067} b\u00e9");
    free(visible);
}

static void columns_count_what_a_terminal_shows(void **state) {
    (void)state;
    assert_int_equal(cs_text_columns(""), 0);
    assert_int_equal(cs_text_columns("cat"), 3);
    assert_int_equal(cs_text_columns("e\u0301"), 1);
    assert_int_equal(cs_text_columns("\u65e5\u672c"), 4);
    assert_int_equal(cs_text_columns("\U0001F468\u200D\U0001F469\u200D\U0001F467!"), 3);
}

static void a_prefix_splits_no_character(void **state) {
    (void)state;
    const char *family = "x\U0001F468\u200D\U0001F469y";
    assert_int_equal(cs_text_prefix(family, 0), 0);
    assert_int_equal(cs_text_prefix(family, 1), 1);
    assert_int_equal(cs_text_prefix(family, 2), 1);
    assert_int_equal(cs_text_prefix(family, 3), strlen(family) - 1);
    assert_int_equal(cs_text_prefix(family, 99), strlen(family));
    assert_int_equal(cs_text_prefix("e\u0301e\u0301", 1), 3);
}

static void check_fixed(double value, int decimals, const char *expected) {
    cs_strbuf text = CS_STRBUF_EMPTY;
    cs_number_fixed(&text, value, decimals);
    assert_string_equal(text.data, expected);
    cs_strbuf_free(&text);
}

static void fixed_numbers(void **state) {
    (void)state;
    check_fixed(0.5, 6, "0.500000");
    check_fixed(-0.0, 2, "0.00");
    check_fixed(-12.345, 1, "-12.3");
    check_fixed(-1e22, 1, "-10000000000000000000000.0");
    cs_strbuf text = CS_STRBUF_EMPTY;
    cs_number_fixed(&text, DBL_MAX, 0);
    assert_true(strtod(text.data, NULL) == DBL_MAX);
    cs_strbuf_free(&text);
}

/* Every float must come back from nine digits, and from its shortest form. */
static void floats_survive(void **state) {
    (void)state;
    uint32_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        bits = bits * 1664525U + 1013904223U;
        float value;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) continue;
        cs_strbuf text = CS_STRBUF_EMPTY;
        cs_number_exact(&text, value);
        assert_true(strtof(text.data, NULL) == value);
        assert_true((float)cs_number_shortest(value) == value);
        cs_strbuf_free(&text);
    }
    assert_true(cs_number_shortest(0.87F) == 0.87);
}

static void pixels_are_hundredths(void **state) {
    (void)state;
    assert_true(cs_number_pixels(12.3456) == 12.35);
    assert_true(cs_number_pixels(12) == 12);
    assert_false(signbit(cs_number_pixels(-0.001)));
}

/* A program that speaks German must not write German numbers into files. */
static void a_decimal_comma_does_not_leak(void **state) {
    (void)state;
    locale_t german = newlocale(LC_NUMERIC_MASK, "de_DE.UTF-8", (locale_t)0);
    if (!german) {
        print_message("SKIPPED: needs the locale de_DE.UTF-8\n");
        skip();
    }
    locale_t before = uselocale(german);
    cs_strbuf text = CS_STRBUF_EMPTY;
    cs_number_fixed(&text, 1.5, 1);
    cs_number_exact(&text, -2.5e-7);
    double shortest = cs_number_shortest(0.87F);
    uselocale(before);
    freelocale(german);
    assert_string_equal(text.data, "1.5-2.5e-07");
    assert_true(shortest == 0.87);
    cs_strbuf_free(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_bytes_become_replacement_characters),
        cmocka_unit_test(control_characters_are_written_out),
        cmocka_unit_test(columns_count_what_a_terminal_shows),
        cmocka_unit_test(a_prefix_splits_no_character),
        cmocka_unit_test(fixed_numbers),
        cmocka_unit_test(floats_survive),
        cmocka_unit_test(pixels_are_hundredths),
        cmocka_unit_test(a_decimal_comma_does_not_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The reader of the two long lists of a tokenizer.json, and how they are cut out. */
#include <stdlib.h>
#include <string.h>

#include "support/support.h"
#include "text/json_cut.h"
#include "text/json_reader.h"

static void check_string(const char *json, const char *expected, size_t length) {
    cs_json_reader reader = {json, strlen(json), 0, CS_STRBUF_EMPTY};
    assert_true(cs_json_read_string(&reader));
    assert_true(cs_json_at_end(&reader));
    assert_int_equal(reader.string.length, length);
    assert_memory_equal(reader.string.data, expected, length);
    cs_strbuf_free(&reader.string);
}

static void test_strings(void **state) {
    (void)state;
    check_string("\"\"", "", 0);
    check_string(" \t\r\n\"a b\" ", "a b", 3);
    check_string("\"\xc4\xa0\"", "\xc4\xa0", 2);
    check_string("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t", 8);
    check_string("\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac", 6);
    check_string("\"x\\uD83D\\ude00y\"", "x\xf0\x9f\x98\x80y", 6);
    check_string("\"\\uffff\\ud7ff\\ue000\"", "\xef\xbf\xbf\xed\x9f\xbf\xee\x80\x80", 9);
}

static void test_damaged_strings(void **state) {
    (void)state;
    static const char *const cases[] = {
        "",
        "a",
        "\"",
        "\"a",
        "\"a\\\"",
        "\"\\x\"",
        "\"\\",
        "\"\\u",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"\\ud83d\"",
        "\"\\ude00\"",
        "\"\\ud83dx\"",
        "\"\\ud83d\\n\"",
        "\"\\ud83d\\u0041\"",
        "\"\xff\"",
        "\"\xc3\"",
        "\"a\nb\"",
        "\"\x01\"",
        "\"\xed\xa0\x80\"",
        "\"\\ud83d\\u",
        "\"\\u-123\"",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        /* an exact copy, so that reading past the end is seen */
        size_t length = strlen(cases[i]);
        char *copy = malloc(length ? length : 1);
        memcpy(copy, cases[i], length);
        cs_json_reader reader = {copy, length, 0, CS_STRBUF_EMPTY};
        if (cs_json_read_string(&reader)) fail_msg("%s was read", cases[i]);
        cs_strbuf_free(&reader.string);
        free(copy);
    }
}

static int read_integer(const char *json, int64_t *value) {
    cs_json_reader reader = {json, strlen(json), 0, CS_STRBUF_EMPTY};
    return cs_json_accept(&reader, ':') && cs_json_read_integer(&reader, value) && cs_json_at_end(&reader);
}

static void test_integers(void **state) {
    (void)state;
    static const char *const damaged[] = {":", ": ", ":-", ":a", ":1.5", ":1e3", ":01", ":+1", ":99999999999999999999"};
    int64_t value;
    assert_true(read_integer(":0", &value) && value == 0);
    assert_true(read_integer(" : 49407 ", &value) && value == 49407);
    assert_true(read_integer(":-12", &value) && value == -12);
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
        if (read_integer(damaged[i], &value)) fail_msg("%s was read", damaged[i]);
}

static void check_cut(const char *json, const char *expected, const char *vocabulary, const char *merges) {
    cs_strbuf rest = CS_STRBUF_EMPTY;
    cs_json_span v, m;
    cs_error error;
    assert_ok(cs_json_cut(json, strlen(json), &rest, &v, &m, &error));
    assert_string_equal(rest.data, expected);
    assert_int_equal(v.end - v.first, strlen(vocabulary));
    assert_memory_equal(json + v.first, vocabulary, strlen(vocabulary));
    assert_int_equal(m.end - m.first, strlen(merges));
    assert_memory_equal(json + m.first, merges, strlen(merges));
    cs_strbuf_free(&rest);
}

static void test_cut(void **state) {
    (void)state;
    check_cut("{\"a\":[1],\"model\":{\"vocab\":{\"}\":1},\n\"merges\" : [[\"]\",\n\"\\\"\"]] }, \"b\":2}",
              "{\"a\":[1],\"model\":{\"vocab\":{},\n\"merges\" : []\n }, \"b\":2}", "{\"}\":1}",
              "[[\"]\",\n\"\\\"\"]]");
    check_cut("{\"model\":{\"merges\":[],\"vocab\":{}}}", "{\"model\":{\"merges\":[],\"vocab\":{}}}", "{}", "[]");
}

/* Only model.vocab and model.merges, only of the right kind, and only whole. */
static void test_not_cut(void **state) {
    (void)state;
    static const char *const cases[] = {
        "{\"vocab\":{\"a\":1},\"merges\":[1]}",
        "{\"x\":{\"vocab\":{\"a\":1}},\"model\":{\"y\":{\"merges\":[1]}}}",
        "{\"model\":{\"vocab\":[1],\"merges\":{\"a\":1}}}",
        "{\"model\":{\"vocab\":{\"a\":[1}",
        "{\"model\":[\"vocab\",{\"a\":1}]}",
        "{\"model\":{\"x\":\"vocab\",\"y\":{\"a\":1}}}",
        "{\"model\":{},\"vocab\":{\"a\":1},\"z\":{\"merges\":[1]}}",
        "}}}{{\"model\"",
        "{\"model\\",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_cut(cases[i], cases[i], "", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strings), cmocka_unit_test(test_damaged_strings), cmocka_unit_test(test_integers),
        cmocka_unit_test(test_cut),     cmocka_unit_test(test_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

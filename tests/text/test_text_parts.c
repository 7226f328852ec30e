/* The tokenizer's parts one by one: characters, NFC, normalisation, pieces, byte characters. */
#include <stdlib.h>
#include <string.h>

#include "support/support.h"
#include "text/bytes.h"
#include "text/nfc.h"
#include "text/normalize.h"
#include "text/specials.h"
#include "text/split.h"
#include "text/unicode.h"

static void test_classes(void **state) {
    (void)state;
    static const struct {
        int32_t code;
        cs_char_class class;
    } cases[] = {
        {' ', CS_CHAR_SPACE},      {'\t', CS_CHAR_SPACE},     {0x85, CS_CHAR_SPACE},     {0xa0, CS_CHAR_SPACE},
        {0x3000, CS_CHAR_SPACE},   {0x200a, CS_CHAR_SPACE},   {0x2000, CS_CHAR_SPACE},   {0x1680, CS_CHAR_SPACE},
        {0x2028, CS_CHAR_SPACE},   {0x2029, CS_CHAR_SPACE},   {0x202f, CS_CHAR_SPACE},   {0x205f, CS_CHAR_SPACE},
        {0xd, CS_CHAR_SPACE},      {0xe, CS_CHAR_OTHER},      {0x8, CS_CHAR_OTHER},      {0x180e, CS_CHAR_OTHER},
        {0x200b, CS_CHAR_OTHER},   {0x1c, CS_CHAR_OTHER},     {0, CS_CHAR_OTHER},        {'a', CS_CHAR_LETTER},
        {0x1c5, CS_CHAR_LETTER},   {0x2b0, CS_CHAR_LETTER},   {0x4e00, CS_CHAR_LETTER},  {'7', CS_CHAR_NUMBER},
        {0xb2, CS_CHAR_NUMBER},    {0x2167, CS_CHAR_NUMBER},  {0x301, CS_CHAR_OTHER},    {'_', CS_CHAR_OTHER},
        {0x1f600, CS_CHAR_OTHER},  {0x378, CS_CHAR_OTHER},    {0x1c89, CS_CHAR_LETTER},  {0x1c8b, CS_CHAR_OTHER},
        {0x10d40, CS_CHAR_NUMBER}, {0x2ee5d, CS_CHAR_LETTER}, {0x10ffff, CS_CHAR_OTHER}, {0xe000, CS_CHAR_OTHER},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (cs_char_classify(cases[i].code) != cases[i].class) fail_msg("U+%04X", (unsigned)cases[i].code);
}

static void test_lower(void **state) {
    (void)state;
    static const int32_t cases[][2] = {{'A', 'a'},       {'a', 'a'},      {0xdf, 0xdf},       {0x1e9e, 0xdf},
                                       {0x3a3, 0x3c3},   {0x1c4, 0x1c6},  {0x212a, 'k'},      {0x10400, 0x10428},
                                       {0x1c89, 0x1c8a}, {0xa7dc, 0x19b}, {0x10d65, 0x10d85}, {0x23a, 0x2c65}};
    int32_t lower[2];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(cs_char_lower(cases[i][0], lower), 1);
        assert_int_equal(lower[0], cases[i][1]);
    }
    assert_int_equal(cs_char_lower(0x130, lower), 2);
    assert_int_equal(lower[0], 'i');
    assert_int_equal(lower[1], 0x307);
}

static void check_nfc(const char *text, const int32_t *expected, size_t n) {
    int32_t *points;
    size_t count;
    cs_error error;
    assert_ok(cs_nfc(text, strlen(text), &points, &count, &error));
    assert_int_equal(count, n);
    assert_memory_equal(points, expected, n * sizeof *expected);
    free(points);
}

static void test_nfc(void **state) {
    (void)state;
    check_nfc("", NULL, 0);
    check_nfc("e\xcc\x81", (const int32_t[]){0xe9}, 1);
    check_nfc("a\xcc\x82\xcc\xa3", (const int32_t[]){0x1ead}, 1);                    /* marks in the wrong order */
    check_nfc("\xe1\x84\x80\xe1\x85\xa1\xe1\x86\xa8", (const int32_t[]){0xac01}, 1); /* Hangul */
    check_nfc("\xe0\xa5\x98", (const int32_t[]){0x915, 0x93c}, 2);                   /* excluded from composition */
    check_nfc("\xe2\x84\xab", (const int32_t[]){0xc5}, 1);                           /* a singleton */
    check_nfc("a\xe1\xb7\xba\xcc\x81", (const int32_t[]){'a', 0x1dfa, 0x301}, 3); /* newer than the reference's NFC */
    check_nfc("\xf0\x91\xa4\xb5\xf0\x91\xa4\xb0", (const int32_t[]){0x11935, 0x11930}, 2);
}

/* Stable: marks of one class keep their order however many there are. */
static void test_mark_order(void **state) {
    (void)state;
    char text[402] = "x";
    int32_t expected[201] = {'x'};
    for (int i = 0; i < 100; i++) {
        memcpy(text + 1 + 4 * i, i % 2 ? "\xcc\x8d\xcc\xa5" : "\xcc\x8e\xcc\xa6", 4); /* above (230), below (220) */
        expected[1 + i] = i % 2 ? 0x325 : 0x326;
        expected[101 + i] = i % 2 ? 0x30d : 0x30e;
    }
    check_nfc(text, expected, 201);
}

static void check_normalized(const char *text, size_t length, const char *expected, size_t expected_length) {
    cs_strbuf out = CS_STRBUF_EMPTY;
    cs_error error;
    assert_ok(cs_normalize(text, length, &out, &error));
    assert_int_equal(out.length, expected_length);
    assert_memory_equal(out.data, expected, expected_length);
    cs_strbuf_free(&out);
}

static void test_normalize(void **state) {
    (void)state;
    check_normalized("A \t\r\n Cat\xe3\x80\x80", 12, "a cat ", 6);
    check_normalized("\xc4\xb0", 2, "i\xcc\x87", 3);
    check_normalized("E\xcc\x81", 3, "\xc3\xa9", 2);
    check_normalized("A\0B", 3, "a\0b", 3);
    check_normalized("\xe1\xa0\x8e", 3, "\xe1\xa0\x8e", 3);
}

/* `expected` holds the pieces, each with a bar behind it. */
static void check_pieces(cs_split_rules rules, const char *text, const char *expected) {
    cs_split split = {rules, text, strlen(text), 0, 0};
    char found[256] = "";
    const char *piece;
    size_t length;
    while (cs_split_next(&split, &piece, &length)) {
        strncat(found, piece, length);
        strcat(found, "/");
    }
    assert_string_equal(found, expected);
}

static void test_split(void **state) {
    (void)state;
    cs_split_rules usual = {1, 1};
    check_pieces(usual, "", "");
    check_pieces(usual, "  ", "");
    check_pieces(usual, " it's  12 cats!? ", "it/'s/1/2/cats/!?/");
    check_pieces(usual, "they'll've ''s 'x 'rest '", "they/'ll/'ve/''/s/'/x/'re/st/'/");
    check_pieces(usual, "e\xcc\x81z \xc3\xa9z", "e/\xcc\x81/z/\xc3\xa9z/");
}

static void test_split_literals(void **state) {
    (void)state;
    check_pieces((cs_split_rules){1, 1}, "a<|endoftext|>!! !<|endoftext|>", "a/<|/endoftext/|>/!!/!<|/endoftext/|>/");
    check_pieces((cs_split_rules){1, 0}, "a<|endoftext|>!! <|startoftext|>", "a/<|endoftext|>/!!/<|startoftext|>/");
    check_pieces((cs_split_rules){0, 0}, "a<|endoftext|>!!", "a/<|/endoftext/|>!!/");
    check_pieces((cs_split_rules){0, 1}, "a<|endoftext|>!!", "a/<|/endoftext/|>!!/");
    check_pieces((cs_split_rules){1, 1}, "<|endoftext|", "<|/endoftext/|/");
}

/* The leftmost place, and there the longest token. */
static void test_specials(void **state) {
    (void)state;
    static const char *const tokens[] = {"ab", "abcd", "b", "abc", "xyz"};
    cs_specials specials = {0};
    cs_error error;
    size_t at = 99;
    assert_null(cs_specials_find(&specials, "ab", 2, 0, &at));
    for (int32_t i = 0; i < 5; i++)
        assert_ok(cs_specials_add(&specials, tokens[i], strlen(tokens[i]), i, &error));
    assert_int_equal(cs_specials_find(&specials, "..abcde", 7, 0, &at)->id, 1);
    assert_int_equal(at, 2);
    assert_int_equal(cs_specials_find(&specials, "..abcde", 5, 0, &at)->id, 3);
    assert_int_equal(cs_specials_find(&specials, "..abcde", 7, 3, &at)->id, 2);
    assert_int_equal(at, 3);
    assert_null(cs_specials_find(&specials, "..abcde", 7, 4, &at));
    assert_null(cs_specials_find(&specials, "xy", 2, 0, &at));
    cs_specials_free(&specials);
}

static void test_bytes(void **state) {
    (void)state;
    unsigned char order[256], seen[256] = {0};
    char utf8[2];
    cs_byte_order(order);
    for (int i = 0; i < 256; i++)
        seen[order[i]]++;
    for (int i = 0; i < 256; i++)
        assert_int_equal(seen[i], 1);
    assert_int_equal(order[0], '!');
    assert_int_equal(order[188], 0);
    assert_int_equal(order[255], 173);
    assert_int_equal(cs_byte_character('a', utf8), 1);
    assert_int_equal(utf8[0], 'a');
    assert_int_equal(cs_byte_character(0xe9, utf8), 2);
    assert_memory_equal(utf8, "\xc3\xa9", 2);
    assert_int_equal(cs_byte_character(' ', utf8), 2);
    assert_memory_equal(utf8, "\xc4\xa0", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_classes),        cmocka_unit_test(test_lower),     cmocka_unit_test(test_nfc),
        cmocka_unit_test(test_mark_order),     cmocka_unit_test(test_normalize), cmocka_unit_test(test_split),
        cmocka_unit_test(test_split_literals), cmocka_unit_test(test_specials),  cmocka_unit_test(test_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

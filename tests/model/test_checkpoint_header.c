/* Every rule of the safetensors header, each with a file that breaks it alone. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/safetensors.h"

static cs_error error;

/* Parses length, header and zeros in a block of exactly their size, so that AddressSanitizer sees any step outside. */
static cs_status parse(uint64_t length, const char *header, size_t header_bytes, size_t zeros, size_t *count) {
    size_t size = 8 + header_bytes + zeros;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(length >> 8 * i);
    memcpy(bytes + 8, header, header_bytes);
    cs_tensor_list list = {NULL, 0, NULL};
    cs_status status = cs_safetensors_parse(bytes, size, "file", &list, &error);
    if (count) *count = list.count;
    if (status != CS_OK) assert_null(list.items);
    cs_tensor_list_free(&list);
    free(bytes);
    return status;
}

static cs_status parse_text(const char *header, size_t zeros, size_t *count) {
    return parse(strlen(header), header, strlen(header), zeros, count);
}

#define TENSOR(name, dtype, shape, offsets)                                                                            \
    "\"" name "\":{\"dtype\":" dtype ",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define FIRST TENSOR("a", "\"F32\"", "[2,1]", "[0,8]")
#define WITH_DTYPE(dtype) "{" TENSOR("a", dtype, "[2,1]", "[0,8]") "}"
#define WITH_SHAPE(shape) "{" TENSOR("a", "\"F32\"", shape, "[0,8]") "}"
#define WITH_OFFSETS(offsets) "{" TENSOR("a", "\"F32\"", "[2,1]", offsets) "}"

static void test_accepted(void **state) {
    (void)state;
    static const struct {
        const char *header;
        size_t zeros, count;
    } cases[] = {
        {"{" FIRST "}", 8, 1},
        {"{}", 0, 0},
        {"  {" FIRST "}   ", 8, 1},
        {"{" FIRST "}\n\t\r", 8, 1},
        {"{\"__metadata__\":{\"format\":\"pt\"}," FIRST "}", 8, 1},
        {"{\"__metadata__\":{}," FIRST "}", 8, 1},
        {"{\"__metadata__\":null," FIRST "}", 8, 1},
        {"{" TENSOR("", "\"F32\"", "[2]", "[0,8]") "}", 8, 1},
        {"{" TENSOR("\\u00e9\xc3\xa9", "\"F32\"", "[2]", "[0,8]") "}", 8, 1},
        {WITH_SHAPE("[2,1,1,1,1,1,1,1]"), 8, 1},
        {"{" TENSOR("a", "\"F64\"", "[]", "[0,8]") "}", 8, 1},
        {"{" TENSOR("a", "\"F64\"", "[0,9223372036854775807]", "[0,0]") "}", 0, 1},
        /* Order in the header is free, and empty tensors may stand anywhere between others. */
        {"{" TENSOR("b", "\"U8\"", "[3]", "[8,11]") "," FIRST "}", 11, 2},
        {"{" FIRST "," TENSOR("z", "\"F32\"", "[0]", "[0,0]") "}", 8, 2},
        {"{" TENSOR("z", "\"F32\"", "[0,3]", "[8,8]") "," FIRST "}", 8, 2},
        {"{" FIRST "," TENSOR("y", "\"F32\"", "[0]", "[8,8]") "," TENSOR("z", "\"U8\"", "[1]", "[8,9]") "}", 9, 3},
        /* The reference ignores what it does not know. */
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"more\":[1]}}", 8, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t count;
        if (parse_text(cases[i].header, cases[i].zeros, &count) != CS_OK)
            fail_msg("%s: %s", cases[i].header, error.message);
        assert_int_equal(count, cases[i].count);
    }
}

static const struct {
    const char *header;
    size_t zeros;
    cs_status status;
    const char *part;
} refused[] = {
    /* JSON */
    {"", 8, CS_ERR_FORMAT, "file: expected a JSON object"},
    {"[]", 0, CS_ERR_FORMAT, "found an array"},
    {"{" FIRST, 8, CS_ERR_FORMAT, "expected a JSON object"},
    {"{" FIRST "}x", 8, CS_ERR_FORMAT, "end of file"},
    {"{" FIRST "}{}", 8, CS_ERR_FORMAT, "end of file"},
    {"\xef\xbb\xbf{" FIRST "}", 8, CS_ERR_FORMAT, "expected a JSON object"},
    {"{" TENSOR("\xff", "\"F32\"", "[2]", "[0,8]") "}", 8, CS_ERR_FORMAT, "unable to decode byte"},
    {"{" TENSOR("a\\u0000b", "\"F32\"", "[2]", "[0,8]") "}", 8, CS_ERR_FORMAT, "\\u0000"},
    {"{" FIRST "," FIRST "}", 8, CS_ERR_FORMAT, "duplicate"},
    {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, CS_ERR_FORMAT,
     "duplicate"},
    /* __metadata__ */
    {"{\"__metadata__\":\"pt\"," FIRST "}", 8, CS_ERR_FORMAT, "__metadata__"},
    {"{\"__metadata__\":{\"k\":1}," FIRST "}", 8, CS_ERR_FORMAT, "__metadata__.k"},
    /* An entry and its fields */
    {"{\"a\":7}", 0, CS_ERR_FORMAT, "file: tensor 'a': expected an object"},
    {"{\"a\":{\"shape\":[2],\"data_offsets\":[0,8]}}", 8, CS_ERR_FORMAT, "tensor 'a': expected a string as dtype"},
    {"{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8, CS_ERR_FORMAT, "'a': expected an array as shape"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 8, CS_ERR_FORMAT, "'a': expected two whole numbers"},
    {WITH_DTYPE("32"), 8, CS_ERR_FORMAT, "expected a string as dtype"},
    {WITH_DTYPE("\"F32\\u0000\""), 8, CS_ERR_FORMAT, "\\u0000"},
    {WITH_DTYPE("\"f32\""), 8, CS_ERR_UNSUPPORTED, "'a': unknown dtype 'f32'"},
    {WITH_DTYPE("\"\""), 8, CS_ERR_UNSUPPORTED, "unknown dtype"},
    {WITH_DTYPE("\"F4\""), 8, CS_ERR_UNSUPPORTED, "unknown dtype 'F4'"},
    {WITH_DTYPE("\"F64\""), 8, CS_ERR_FORMAT, "'a': 2 elements of F64 do not fill the 8 bytes"},
    {WITH_DTYPE("\"F16\""), 8, CS_ERR_FORMAT, "do not fill"},
    {WITH_SHAPE("2"), 8, CS_ERR_FORMAT, "expected an array as shape"},
    {WITH_SHAPE("{}"), 8, CS_ERR_FORMAT, "expected an array as shape"},
    {WITH_SHAPE("[-2,-1]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[2.0]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[2.5]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[2e0]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[\"2\"]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[true,2]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[null]"), 8, CS_ERR_FORMAT, "expected whole numbers from 0"},
    {WITH_SHAPE("[9223372036854775808]"), 8, CS_ERR_FORMAT, "too big integer"},
    {WITH_SHAPE("[4294967296,4294967296,2]"), 8, CS_ERR_FORMAT, "'a': the product of its shape overflows"},
    /* Overflows only once it is multiplied by the four bytes of an element: 2^62 + 2 elements would seem to be 8 bytes.
     */
    {WITH_SHAPE("[4611686018427387906]"), 8, CS_ERR_FORMAT, "do not fill"},
    {WITH_SHAPE("[3]"), 8, CS_ERR_FORMAT, "do not fill"},
    {WITH_SHAPE("[]"), 8, CS_ERR_FORMAT, "1 elements"},
    {WITH_SHAPE("[0]"), 8, CS_ERR_FORMAT, "0 elements"},
    {WITH_SHAPE("[2,1,1,1,1,1,1,1,1]"), 8, CS_ERR_UNSUPPORTED, "9 dimensions, expected at most 8"},
    {WITH_OFFSETS("8"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[0]"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[0,8,8]"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[0.0,8]"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[0,8.0]"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[\"0\",8]"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("{\"0\":0,\"1\":8}"), 8, CS_ERR_FORMAT, "expected two whole numbers"},
    {WITH_OFFSETS("[-8,0]"), 8, CS_ERR_FORMAT, "found [-8, 0]"},
    {WITH_OFFSETS("[8,0]"), 8, CS_ERR_FORMAT, "found [8, 0]"},
    {WITH_OFFSETS("[0,9]"), 9, CS_ERR_FORMAT, "do not fill the 9 bytes"},
    {WITH_OFFSETS("[0,8]"), 7, CS_ERR_FORMAT, "'a': ends at byte 8 of the data, which has 7"},
    {WITH_OFFSETS("[9223372036854775799,9223372036854775807]"), 8, CS_ERR_FORMAT, "ends at byte 9223372036854775807"},
    {WITH_OFFSETS("[18446744073709551608,18446744073709551616]"), 8, CS_ERR_FORMAT, "too big integer"},
    /* Layout */
    {WITH_OFFSETS("[0,8]"), 9, CS_ERR_FORMAT, "file: 1 bytes behind the last tensor"},
    {"{}", 1, CS_ERR_FORMAT, "1 bytes behind the last tensor"},
    {WITH_OFFSETS("[1,9]"), 9, CS_ERR_FORMAT, "'a': begins at byte 1 of the data, expected 0: there is a hole"},
    {"{" FIRST "," TENSOR("b", "\"U8\"", "[1]", "[9,10]") "}", 10, CS_ERR_FORMAT, "'b': begins at byte 9"},
    {"{" FIRST "," TENSOR("b", "\"U8\"", "[4]", "[7,11]") "}", 11, CS_ERR_FORMAT, "'b': begins at byte 7"},
    {"{" FIRST "," TENSOR("b", "\"F32\"", "[2]", "[0,8]") "}", 8, CS_ERR_FORMAT, "overlaps"},
    {"{" FIRST "," TENSOR("b", "\"F32\"", "[0]", "[4,4]") "}", 8, CS_ERR_FORMAT, "'b': begins at byte 4"},
};

static void test_refused(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        error.message[0] = '\0';
        cs_status status = parse_text(refused[i].header, refused[i].zeros, NULL);
        if (status != refused[i].status || !strstr(error.message, refused[i].part))
            fail_msg("%s: got %s, \"%s\"", refused[i].header, cs_status_name(status), error.message);
    }
}

static void test_nul_padding(void **state) {
    (void)state;
    static const char padded[] = "{" FIRST "}\0\0\0", inner[] = "{\0" FIRST "}", name[] = "{\"a\0b\":{}}";
    assert_fails(parse(sizeof padded, padded, sizeof padded, 8, NULL), CS_ERR_FORMAT, "end of file");
    assert_fails(parse(sizeof inner - 1, inner, sizeof inner - 1, 8, NULL), CS_ERR_FORMAT, "file");
    assert_fails(parse(sizeof name - 1, name, sizeof name - 1, 0, NULL), CS_ERR_FORMAT, "file");
}

static void test_length(void **state) {
    (void)state;
    static const char header[] = "{" FIRST "}";
    size_t bytes = sizeof header - 1;
    assert_fails(parse(100000001, header, bytes, 8, NULL), CS_ERR_FORMAT, "expected at most 100000000");
    assert_fails(parse(UINT64_MAX, header, bytes, 8, NULL), CS_ERR_FORMAT, "expected at most 100000000");
    assert_fails(parse(UINT64_MAX - 7, header, bytes, 8, NULL), CS_ERR_FORMAT, "expected at most 100000000");
    assert_fails(parse(100000000, header, bytes, 8, NULL), CS_ERR_FORMAT, "found only");
    assert_fails(parse(bytes + 9, header, bytes, 8, NULL), CS_ERR_FORMAT, "found only");
    assert_fails(parse(bytes - 1, header, bytes, 8, NULL), CS_ERR_FORMAT, "expected a JSON object");
    assert_fails(parse(bytes + 1, header, bytes, 8, NULL), CS_ERR_FORMAT, "file");
    assert_fails(parse(0, header, bytes, 8, NULL), CS_ERR_FORMAT, "expected a JSON object");
}

/* A name of a megabyte must not crowd the problem out of the message. */
static void test_long_name(void **state) {
    (void)state;
    enum { LENGTH = 1 << 20 };
    char *header = malloc(LENGTH + 32);
    assert_non_null(header);
    memcpy(header, "{\"", 2);
    memset(header + 2, 'n', LENGTH);
    strcpy(header + 2 + LENGTH, "\":7}");
    assert_fails(parse_text(header, 0, NULL), CS_ERR_FORMAT, "expected an object");
    free(header);
}

static void test_deep_nesting(void **state) {
    (void)state;
    enum { DEPTH = 100000 };
    char *header = malloc(DEPTH + 1);
    assert_non_null(header);
    memset(header, '[', DEPTH);
    header[DEPTH] = '\0';
    assert_fails(parse_text(header, 0, NULL), CS_ERR_FORMAT, "depth");
    free(header);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_accepted),    cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_nul_padding), cmocka_unit_test(test_length),
                                       cmocka_unit_test(test_long_name),   cmocka_unit_test(test_deep_nesting)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

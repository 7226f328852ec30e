/* Bodies of requests taken apart, and media types. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "media.h"
#include "utf8.h"

/* Parses a copy, which the fields point into. */
typedef struct parsed {
    char *body;
    field_list list;
    fields_status status;
} parsed;

static parsed parse(const char *text, size_t size, const char *boundary) {
    parsed made = {malloc(size + 1), {NULL, 0, 0}, FIELDS_OK};
    assert_non_null(made.body);
    memcpy(made.body, text, size);
    made.body[size] = '\0';
    made.status = boundary ? fields_parse_multipart(&made.list, made.body, size, boundary)
                           : fields_parse_urlencoded(&made.list, made.body, size, 0);
    return made;
}

static void release(parsed *made) {
    fields_free(&made->list);
    free(made->body);
}

static void expect_field(const parsed *made, size_t index, const char *name, const char *value) {
    assert_true(index < made->list.count);
    assert_string_equal(made->list.items[index].name, name);
    assert_int_equal(made->list.items[index].size, strlen(value));
    assert_string_equal(made->list.items[index].value, value);
}

#define FORM                                                                                                           \
    "--b\r\nContent-Disposition: form-data; name=\"prompt\"\r\n\r\na cat\r\n"                                          \
    "--b\r\ncontent-disposition:form-data; filename=\"a; name=\\\"x\\\".jpg\"; name=\"image\"\r\n"                     \
    "Content-Type: image/jpeg\r\n\r\n\r\n--c\r\n\r\n"                                                                  \
    "--b \t\r\nContent-Disposition: form-data; name=\"empty\"\r\n\r\n\r\n--b--\r\n"

static void takes_a_form_apart(void **state) {
    (void)state;
    parsed made = parse(FORM, sizeof FORM - 1, "b");
    assert_int_equal(made.status, FIELDS_OK);
    assert_int_equal(made.list.count, 3);
    expect_field(&made, 0, "prompt", "a cat");
    expect_field(&made, 1, "image", "\r\n--c\r\n");
    assert_string_equal(made.list.items[1].file_name, "a; name=\"x\".jpg");
    assert_null(made.list.items[0].file_name);
    expect_field(&made, 2, "empty", "");
    release(&made);
}

static void takes_a_preamble_and_an_empty_form(void **state) {
    (void)state;
    static const char text[] = "hello\r\n--b\r\nContent-Disposition: form-data; name=\"a%22b\"\r\n\r\n1\r\n--b--";
    parsed made = parse(text, sizeof text - 1, "b");
    assert_int_equal(made.status, FIELDS_OK);
    expect_field(&made, 0, "a\"b", "1");
    release(&made);
    made = parse("--b--", 5, "b");
    assert_int_equal(made.status, FIELDS_OK);
    assert_int_equal(made.list.count, 0);
    release(&made);
}

/* Cut anywhere before its closing delimiter it is malformed, and nothing is read behind its end. */
static void sees_every_cut(void **state) {
    (void)state;
    for (size_t size = 0; size < sizeof FORM - 1 - 4; size++) {
        parsed made = parse(FORM, size, "b");
        assert_int_equal(made.status, FIELDS_MALFORMED);
        release(&made);
    }
}

#define TWICE                                                                                                          \
    "--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Disposition: form-data; "                            \
    "name=\"c\"\r\n\r\n1\r\n--b--"

static void refuses_malformed_parts(void **state) {
    (void)state;
    static const char *const bodies[] = {
        "--b\r\n\r\nno name\r\n--b--",
        "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"a\" x\r\n\r\n1\r\n--b--",
        TWICE,
        "--bx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b--",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        parsed made = parse(bodies[i], strlen(bodies[i]), "b");
        assert_int_equal(made.status, FIELDS_MALFORMED);
        release(&made);
    }
    char boundary[80];
    memset(boundary, 'b', sizeof boundary);
    boundary[71] = '\0';
    parsed made = parse(FORM, sizeof FORM - 1, boundary);
    assert_int_equal(made.status, FIELDS_MALFORMED);
    release(&made);
}

static void counts_fields(void **state) {
    (void)state;
    char text[4 * (MAX_FIELDS + 1) + 1];
    for (size_t i = 0; i <= MAX_FIELDS; i++)
        memcpy(text + 4 * i, "a=1&", 4);
    parsed made = parse(text, 4 * MAX_FIELDS, NULL);
    assert_int_equal(made.status, FIELDS_OK);
    release(&made);
    made = parse(text, 4 * (MAX_FIELDS + 1), NULL);
    assert_int_equal(made.status, FIELDS_TOO_MANY);
    release(&made);
    fail_allocation(0, 0);
    field_list list = {NULL, 0, 0};
    fields_status status = fields_parse_urlencoded(&list, text, 4, 0);
    fail_allocation(-1, 0);
    assert_int_equal(status, FIELDS_NO_MEMORY);
}

static void decodes_urls(void **state) {
    (void)state;
    static const char text[] = "text=a+cat%20%26%C3%A9&&x=&%74=1";
    parsed made = parse(text, sizeof text - 1, NULL);
    assert_int_equal(made.status, FIELDS_OK);
    assert_int_equal(made.list.count, 3);
    expect_field(&made, 0, "text", "a cat &é");
    expect_field(&made, 1, "x", "");
    expect_field(&made, 2, "t", "1");
    release(&made);
    static const char *const bad[] = {"text", "a=%", "a=%2", "a=%zz", "a%00b=1", "=%"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        made = parse(bad[i], strlen(bad[i]), NULL);
        assert_int_equal(made.status, FIELDS_MALFORMED);
        release(&made);
    }
}

static void knows_media_types(void **state) {
    (void)state;
    char boundary[10];
    assert_int_equal(media_kind_of("image/JPEG; x=y"), MEDIA_PHOTOGRAPH);
    assert_int_equal(media_kind_of("multipart/form-data; boundary=x"), MEDIA_MULTIPART);
    assert_int_equal(media_kind_of("image/jpegx"), MEDIA_OTHER);
    assert_int_equal(media_kind_of(NULL), MEDIA_OTHER);
    assert_true(media_boundary("multipart/form-data; boundary=\"a b\"; x=y", boundary, sizeof boundary));
    assert_string_equal(boundary, "a b");
    assert_false(media_boundary("multipart/form-data; boundary=0123456789", boundary, sizeof boundary));
    assert_false(media_boundary("multipart/form-data", boundary, sizeof boundary));
    assert_true(media_accepted(NULL, "image/png", 0) == 0);
    assert_true(media_accepted("image/*;q=0.5, */*", "image/png", 0) == 0.5);
    assert_true(media_accepted("text/html, image/png;q=0.2", "image/png", 0) == 0.2);
    assert_true(media_accepted("*/*;q=0.4", "application/json", 1) == 0.4);
    assert_true(media_accepted("*/*", "image/png", 0) == 0);
}

/* Texts by their bytes; jansson draws the same line. */
static void knows_utf8(void **state) {
    static const char *const valid[] = {"",
                                        "a cat",
                                        "\xC2\x80",
                                        "\xDF\xBF",
                                        "\xE0\xA0\x80",
                                        "\xED\x9F\xBF",
                                        "\xEE\x80\x80",
                                        "\xEF\xBF\xBF",
                                        "\xF0\x90\x80\x80",
                                        "\xF4\x8F\xBF\xBF",
                                        "K\xC3\xA4"
                                        "se"};
    static const char *const broken[] = {"\x80",
                                         "\xC0\x80",
                                         "\xC1\xBF",
                                         "\xC3",
                                         "\xC3(",
                                         "\xE0\x9F\xBF",
                                         "\xED\xA0\x80",
                                         "\xE2\x82",
                                         "\xF0\x8F\xBF\xBF",
                                         "\xF4\x90\x80\x80",
                                         "\xF5\x80\x80\x80",
                                         "\xFF",
                                         "\xF0\x9F\x98",
                                         "a\xE2\x28\xA1"};
    (void)state;
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        if (!utf8_is_valid(valid[i], strlen(valid[i]))) fail_msg("text %zu is valid", i);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (utf8_is_valid(broken[i], strlen(broken[i]))) fail_msg("text %zu is broken", i);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_a_form_apart), cmocka_unit_test(takes_a_preamble_and_an_empty_form),
        cmocka_unit_test(sees_every_cut),     cmocka_unit_test(refuses_malformed_parts),
        cmocka_unit_test(counts_fields),      cmocka_unit_test(decodes_urls),
        cmocka_unit_test(knows_media_types),  cmocka_unit_test(knows_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

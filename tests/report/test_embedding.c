/* Embeddings as lines of JSON and as NumPy's arrays. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

static const float values[6] = {0.1F, -1, 2.5e-8F, 3, 1 / 3.0F, NAN};

static void writes_one_line(void **state) {
    (void)state;
    cs_error error;
    char *text;
    assert_ok(cs_report_embedding("image", "a.jpg", values, 3, &text, &error));
    assert_string_equal(text, "{\"image\":\"a.jpg\",\"embedding\":[0.1,-1.0,2.5e-8]}\n");
    cs_string_free(text);
    assert_ok(cs_report_embedding("text", "\xff\"", values + 4, 2, &text, &error));
    assert_string_equal(text, "{\"text\":\"\uFFFD\\\"\",\"embedding\":[0.33333334,null]}\n");
    cs_string_free(text);
    assert_fails(cs_report_embedding("text", NULL, values, 1, &text, &error), CS_ERR_ARGUMENT, "a name");
}

static void writes_a_window(void **state) {
    (void)state;
    cs_error error;
    char *text;
    const cs_rect window = {1, 20, 300, 4000};
    assert_ok(cs_report_window("a\n.jpg", &window, values + 3, 1, &text, &error));
    assert_string_equal(text, "{\"image\":\"a\\n.jpg\",\"window\":[1,20,300,4000],\"embedding\":[3.0]}\n");
    cs_string_free(text);
    assert_fails(cs_report_window("a", NULL, values, 1, &text, &error), CS_ERR_ARGUMENT, "the window");
    for (long n = 0, done = 0; !done; n++) {
        fail_allocation(n, 1);
        cs_status status = cs_report_window("a.jpg", &window, values, 1, &text, &error);
        fail_allocation(-1, 0);
        done = status == CS_OK;
        if (!done) assert_int_equal(status, CS_ERR_MEMORY);
    }
    cs_string_free(text);
}

static void writes_an_array(void **state) {
    (void)state;
    cs_error error;
    char *bytes;
    size_t size;
    assert_ok(cs_report_npy(values, 2, 3, &bytes, &size, &error));
    assert_int_equal(size, 128 + 24);
    assert_memory_equal(bytes, "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                        69);
    assert_int_equal(bytes[69], ' ');
    assert_int_equal(bytes[127], '\n');
    assert_memory_equal(bytes + 128, "\xcd\xcc\xcc\x3d\x00\x00\x80\xbf", 8);
    cs_string_free(bytes);
    assert_ok(cs_report_npy(NULL, 0, 3, &bytes, &size, &error));
    assert_int_equal(size, 128);
    cs_string_free(bytes);
    assert_fails(cs_report_npy(values, SIZE_MAX / 2, 3, &bytes, &size, &error), CS_ERR_MEMORY, "an array");
    assert_fails(cs_report_npy(NULL, 1, 1, &bytes, &size, &error), CS_ERR_ARGUMENT, "values");
}

static void survives_short_memory(void **state) {
    (void)state;
    cs_error error;
    char *bytes = NULL;
    size_t size;
    fail_allocation(0, 0);
    assert_int_equal(cs_report_npy(values, 2, 3, &bytes, &size, &error), CS_ERR_MEMORY);
    fail_allocation(-1, 0);
    assert_null(bytes);
    for (long n = 0, done = 0; !done; n++) {
        fail_allocation(n, 1);
        cs_status status = cs_report_embedding("image", "a.jpg", values, 3, &bytes, &error);
        fail_allocation(-1, 0);
        done = status == CS_OK;
        if (!done) assert_int_equal(status, CS_ERR_MEMORY);
    }
    cs_string_free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_one_line),
        cmocka_unit_test(writes_a_window),
        cmocka_unit_test(writes_an_array),
        cmocka_unit_test(survives_short_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

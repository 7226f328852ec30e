/* The orientation finder on hand-made TIFF headers. */
#include <stdlib.h>
#include <string.h>

#include "image/exif.h"
#include "support/support.h"

/* Copies to the heap, so that a read beyond the end is seen by the address sanitizer. */
static int orientation_of(const char *bytes, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    int orientation = cs_exif_orientation(copy, size);
    free(copy);
    return orientation;
}

#define LITTLE "II*\0\x08\0\0\0"
#define BIG "MM\0*\0\0\0\x08"

static void test_both_byte_orders_and_types(void **state) {
    (void)state;
    assert_int_equal(orientation_of(LITTLE "\1\0\x12\1\3\0\1\0\0\0\6\0\0\0", 22), 6);
    assert_int_equal(orientation_of(BIG "\0\1\1\x12\0\3\0\0\0\1\0\5\0\0", 22), 5);
    assert_int_equal(orientation_of(BIG "\0\1\1\x12\0\4\0\0\0\1\0\0\0\7", 22), 7);
    assert_int_equal(orientation_of(LITTLE "\1\0\x12\1\1\0\1\0\0\0\x08\0\0\0", 22), 8);
    assert_int_equal(orientation_of("Exif\0\0" LITTLE "\1\0\x12\1\3\0\1\0\0\0\3\0\0\0", 28), 3);
}

static void test_nonsense_means_upright(void **state) {
    (void)state;
    assert_int_equal(orientation_of("", 0), 1);
    assert_int_equal(orientation_of("II*", 3), 1);
    assert_int_equal(orientation_of("IM*\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0", 22), 1); /* byte order */
    assert_int_equal(orientation_of("II+\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0\6\0\0\0", 22), 1); /* magic number */
    assert_int_equal(orientation_of(LITTLE "\1\0\x12\1\3\0\2\0\0\0\6\0\0\0", 22), 1);         /* two values */
    assert_int_equal(orientation_of(LITTLE "\1\0\x12\1\5\0\1\0\0\0\6\0\0\0", 22), 1);         /* a fraction */
    assert_int_equal(orientation_of(LITTLE "\1\0\x12\1\3\0\1\0\0\0\x09\0\0\0", 22), 1);       /* out of range */
    assert_int_equal(orientation_of(LITTLE "\1\0\x13\1\3\0\1\0\0\0\6\0\0\0", 22), 1);         /* another tag */
}

static void test_offsets_out_of_bounds(void **state) {
    (void)state;
    assert_int_equal(orientation_of("II*\0\xFF\xFF\xFF\xFF\1\0\x12\1\3\0\1\0\0\0\6\0\0\0", 22), 1);
    assert_int_equal(orientation_of(LITTLE "\xFF\xFF\x12\1\3\0\1\0\0\0\6\0\0\0", 22), 6); /* count beyond the end */
    static const char whole[] = LITTLE "\1\0\x12\1\3\0\1\0\0\0\6\0\0\0";
    for (size_t size = 0; size < 20; size++)
        assert_int_equal(orientation_of(whole, size), 1);
}

static void test_the_last_of_several_counts(void **state) {
    (void)state;
    assert_int_equal(orientation_of(LITTLE "\2\0\x12\1\3\0\1\0\0\0\6\0\0\0\x12\1\3\0\1\0\0\0\2\0\0\0", 34), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_both_byte_orders_and_types),
        cmocka_unit_test(test_nonsense_means_upright),
        cmocka_unit_test(test_offsets_out_of_bounds),
        cmocka_unit_test(test_the_last_of_several_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

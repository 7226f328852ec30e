/* Smaller copies: their sizes, their proportions, what is in them. */
#include "support/support.h"

#include <string.h>

#include "image/image.h"

static cs_error error;

/* The left half black, the right half white. */
static cs_image *halves(int width, int height) {
    cs_image *image = NULL;
    assert_ok(cs_image_create(width, height, &image, &error));
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            memset(image->pixels + ((size_t)y * (size_t)width + (size_t)x) * 3, x < width / 2 ? 0 : 255, 3);
    return image;
}

static void check(int width, int height, int room_width, int room_height, int expected_width, int expected_height) {
    cs_image *image = halves(width, height), *copy = NULL;
    assert_ok(cs_image_fit(image, room_width, room_height, &copy, &error));
    assert_int_equal(cs_image_width(copy), expected_width);
    assert_int_equal(cs_image_height(copy), expected_height);
    assert_ptr_not_equal(copy->pixels, image->pixels);
    cs_image_close(copy);
    cs_image_close(image);
}

static void proportions_stay(void **state) {
    (void)state;
    check(400, 300, 100, 100, 100, 75);
    check(300, 400, 100, 100, 75, 100);
    check(400, 300, 400, 30, 40, 30);
    check(1000, 3, 100, 100, 100, 1);
    check(3, 1000, 50, 50, 1, 50);
}

static void nothing_is_enlarged(void **state) {
    (void)state;
    check(40, 30, 100, 100, 40, 30);
    check(40, 30, 40, 30, 40, 30);
    check(1, 1, 1000, 1, 1, 1);
}

static void the_picture_is_the_same(void **state) {
    (void)state;
    cs_image *image = halves(400, 200), *copy = NULL;
    assert_ok(cs_image_fit(image, 40, 40, &copy, &error));
    for (int y = 0; y < 20; y++) {
        assert_true(copy->pixels[(y * 40 + 10) * 3] < 5);
        assert_true(copy->pixels[(y * 40 + 30) * 3 + 2] > 250);
    }
    cs_image_close(copy);
    assert_ok(cs_image_fit(image, 400, 400, &copy, &error));
    assert_memory_equal(copy->pixels, image->pixels, 400 * 200 * 3);
    cs_image_close(copy);
    cs_image_close(image);
}

static void misuse_is_refused(void **state) {
    (void)state;
    cs_image *image = halves(4, 4), *copy = NULL;
    assert_fails(cs_image_fit(NULL, 1, 1, &copy, &error), CS_ERR_ARGUMENT, "an image");
    assert_fails(cs_image_fit(image, 1, 1, NULL, &error), CS_ERR_ARGUMENT, "cs_image_fit");
    assert_fails(cs_image_fit(image, 0, 1, &copy, &error), CS_ERR_ARGUMENT, "one pixel");
    assert_fails(cs_image_fit(image, 1, -1, &copy, &error), CS_ERR_ARGUMENT, "one pixel");
    assert_null(copy);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(proportions_stay), cmocka_unit_test(nothing_is_enlarged),
                                       cmocka_unit_test(the_picture_is_the_same), cmocka_unit_test(misuse_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

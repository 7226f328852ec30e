/* Boxes cut out of a picture: which pixels, at its edges, and from numbers that are no box. */
#include "support/support.h"

#include <math.h>
#include <string.h>

#include "image/image.h"

enum { WIDTH = 20, HEIGHT = 12 };

static cs_error error;

/* Every pixel says where it is. */
static cs_image *numbered(void) {
    cs_image *image = NULL;
    assert_ok(cs_image_create(WIDTH, HEIGHT, &image, &error));
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) {
            uint8_t *pixel = image->pixels + (y * WIDTH + x) * 3;
            pixel[0] = (uint8_t)x;
            pixel[1] = (uint8_t)y;
            pixel[2] = 7;
        }
    return image;
}

static void check(float x, float y, float width, float height, int left, int top, int right, int bottom) {
    cs_image *image = numbered(), *crop = NULL;
    assert_ok(cs_image_crop(image, x, y, width, height, &crop, &error));
    assert_int_equal(crop->width, right - left);
    assert_int_equal(crop->height, bottom - top);
    for (int row = 0; row < crop->height; row++)
        for (int col = 0; col < crop->width; col++) {
            const uint8_t *pixel = crop->pixels + (row * crop->width + col) * 3;
            assert_int_equal(pixel[0], left + col);
            assert_int_equal(pixel[1], top + row);
            assert_int_equal(pixel[2], 7);
        }
    cs_image_close(crop);
    cs_image_close(image);
}

static void edges_are_rounded(void **state) {
    (void)state;
    check(3, 2, 5, 4, 3, 2, 8, 6);
    check(3.4F, 2.6F, 5.2F, 4.2F, 3, 3, 9, 7); /* to 8.6 and 6.8 */
    check(0, 0, WIDTH, HEIGHT, 0, 0, WIDTH, HEIGHT);
}

static void boxes_end_with_the_picture(void **state) {
    (void)state;
    check(-5, -0.6F, 8, 3, 0, 0, 3, 2);
    check(15, 10, 50, 50, 15, 10, WIDTH, HEIGHT);
    check(-1e30F, -1e30F, INFINITY, INFINITY, 0, 0, WIDTH, HEIGHT);
}

/* Never nothing: the pixel where the box is, or the nearest one. */
static void a_crop_has_a_pixel(void **state) {
    (void)state;
    check(4.2F, 5.2F, 0.1F, 0.1F, 4, 5, 5, 6);
    check(100, 100, 5, 5, WIDTH - 1, HEIGHT - 1, WIDTH, HEIGHT);
    check(-9, -9, 2, 2, 0, 0, 1, 1);
    check(8, 8, -4, -4, 8, 8, 9, 9);
}

static void numbers_that_are_none_do_no_harm(void **state) {
    (void)state;
    cs_image *image = numbered(), *crop = NULL;
    assert_ok(cs_image_crop(image, NAN, 1, NAN, 3, &crop, &error));
    assert_true(crop->width >= 1 && crop->width <= WIDTH);
    assert_int_equal(crop->height, 3);
    cs_image_close(crop);
    cs_image_close(image);
}

static void misuse_is_refused(void **state) {
    (void)state;
    cs_image *image = numbered(), *crop = NULL;
    assert_fails(cs_image_crop(NULL, 0, 0, 1, 1, &crop, &error), CS_ERR_ARGUMENT, "cs_image_crop");
    assert_fails(cs_image_crop(image, 0, 0, 1, 1, NULL, &error), CS_ERR_ARGUMENT, "cs_image_crop");
    assert_null(crop);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(edges_are_rounded),  cmocka_unit_test(boxes_end_with_the_picture),
        cmocka_unit_test(a_crop_has_a_pixel), cmocka_unit_test(numbers_that_are_none_do_no_harm),
        cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

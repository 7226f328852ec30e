/* How long and narrow a photograph may be. */
#include "support/support.h"

#include <stdlib.h>

#include "task.h"

static int is_elongated(int width, int height) {
    uint8_t *pixels = calloc((size_t)width * (size_t)height, 3);
    cs_image *image = NULL;
    cs_error error;
    assert_non_null(pixels);
    assert_int_equal(cs_image_from_rgb(pixels, width, height, 0, &image, &error), CS_OK);
    int answer = task_is_elongated(image);
    cs_image_close(image);
    free(pixels);
    return answer;
}

static void twelve_to_one_is_the_most(void **state) {
    (void)state;
    assert_false(is_elongated(12, 1));
    assert_true(is_elongated(13, 1));
    assert_false(is_elongated(1200, 100));
    assert_false(is_elongated(100, 1200));
    assert_true(is_elongated(1201, 100));
    assert_true(is_elongated(100, 1201));
    assert_false(is_elongated(100, 100));
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(twelve_to_one_is_the_most)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Where a search looks inside a photograph. */
#include "support/support.h"

#include <string.h>

static void lie_half_over_each_other(void **state) {
    (void)state;
    cs_rect windows[CS_MOST_WINDOWS];
    static const cs_rect expected[8] = {{0, 0, 200, 200},     {83, 0, 200, 200},   {166, 0, 200, 200},
                                        {250, 0, 200, 200},   {0, 100, 200, 200},  {83, 100, 200, 200},
                                        {166, 100, 200, 200}, {250, 100, 200, 200}};
    assert_int_equal(cs_search_windows(450, 300, windows), 8);
    assert_memory_equal(windows, expected, sizeof expected);
    assert_int_equal(cs_search_windows(300, 450, windows), 8);
    for (int i = 0; i < 8; i++) /* row by row, whichever side is the long one */
        assert_true(windows[i].x == i % 2 * 100 && windows[i].y == expected[i / 2].x);
    assert_int_equal(cs_search_windows(600, 600, NULL), 4);
}

/* Every pixel is seen, nothing reaches outside, and there are no more than there is room for. */
static void check(int width, int height) {
    cs_rect windows[CS_MOST_WINDOWS + 1];
    memset(windows, 0x55, sizeof windows);
    size_t n = cs_search_windows(width, height, windows);
    int64_t right = 0, below = 0;
    assert_in_range(n, 1, CS_MOST_WINDOWS);
    assert_int_equal(windows[n].x, 0x55555555);
    assert_int_equal(n, cs_search_windows(width, height, NULL));
    for (size_t i = 0; i < n; i++) {
        const cs_rect *w = &windows[i];
        assert_true(w->x >= 0 && w->y >= 0 && w->width == w->height);
        assert_true(w->width <= width - w->x && w->height <= height - w->y);
        if (w->x + w->width > right) right = w->x + w->width;
        if (w->y + w->height > below) below = w->y + w->height;
    }
    assert_int_equal(windows[0].x + windows[0].y, 0);
    assert_int_equal(right, width);
    assert_int_equal(below, height);
}

static void stay_inside(void **state) {
    (void)state;
    for (int width = 96; width < 3000; width += 61)
        for (int height = 96; height < 900; height += 37)
            check(width, height);
    check(INT32_MAX, INT32_MAX);
    check(INT32_MAX, 96);
    check(96, INT32_MAX);
}

static void small_photographs_have_none(void **state) {
    (void)state;
    assert_int_equal(cs_search_windows(95, 4000, NULL), 0);
    assert_int_equal(cs_search_windows(4000, 95, NULL), 0);
    assert_int_equal(cs_search_windows(96, 96, NULL), 4);
    assert_int_equal(cs_search_windows(1, 1, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lie_half_over_each_other),
        cmocka_unit_test(stay_inside),
        cmocka_unit_test(small_photographs_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

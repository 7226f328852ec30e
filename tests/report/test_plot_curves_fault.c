/* Every allocation of a plot fails in turn. */
#include "support/support.h"

#include "fonts.h"

static cs_error error;

static cs_status draw(void) {
    static const float points[CS_CURVE_POINTS] = {1, 0.5f};
    const cs_curve curves[] = {{"mean", points, 0.5f, CS_CURVE_MEAN},
                               {"a class with a name far too long for the legend of a plot", points, 0.5f, 0}};
    cs_image *picture = NULL;
    cs_status status = cs_draw_curves("title", curves, 2, &picture, &error);
    if (status != CS_OK) assert_null(picture);
    cs_image_close(picture);
    return status;
}

static void test_failing_allocations(void **state) {
    (void)state;
    fail_every_allocation(draw, 5, &error);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

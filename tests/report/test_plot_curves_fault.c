/* Every allocation of a plot fails in turn. */
#include "support/support.h"

#include <string.h>

#include "fonts.h"

static cs_status draw(cs_error *error) {
    static const float points[CS_CURVE_POINTS] = {1, 0.5f};
    const cs_curve curves[] = {{"mean", points, 0.5f, CS_CURVE_MEAN},
                               {"a class with a name far too long for the legend of a plot", points, 0.5f, 0}};
    cs_image *picture = NULL;
    cs_status status = cs_draw_curves("title", curves, 2, &picture, error);
    if (status != CS_OK) assert_null(picture);
    cs_image_close(picture);
    return status;
}

static void test_failing_allocations(void **state) {
    (void)state;
    cs_error error = {CS_OK, ""};
    fail_allocation(-1, 0);
    assert_ok(draw(&error));
    long total = allocations_made();
    assert_true(total > 5);
    for (int only_one = 0; only_one < 2; only_one++) {
        for (long i = 0; i < total; i++) {
            error.message[0] = '\0';
            fail_allocation(i, only_one);
            cs_status status = draw(&error);
            fail_allocation(-1, 0);
            if (status != CS_ERR_MEMORY || !strstr(error.message, "memory"))
                fail_msg("allocation %ld of %ld: %s, \"%s\"", i, total, cs_status_name(status), error.message);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

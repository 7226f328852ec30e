/* Precision-recall plots: where the lines and the rows of the legend are, and what is refused. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fonts.h"
#include "image/image.h"
#include "report/plot.h"
#include "sample.h"

static cs_error error;
static float half[CS_CURVE_POINTS], step[CS_CURVE_POINTS], missing[CS_CURVE_POINTS];

static int make_curves(void **state) {
    (void)state;
    for (int i = 0; i < CS_CURVE_POINTS; i++) {
        half[i] = 0.5f;
        step[i] = i <= 25 ? 0.75f : 0;
        missing[i] = NAN;
    }
    return 0;
}

static cs_image *draw(const char *title, const cs_curve *curves, size_t count) {
    cs_image *picture = NULL;
    assert_ok(cs_draw_curves(title, curves, count, &picture, &error));
    assert_int_equal(picture->width, CS_PLOT_WIDTH);
    assert_int_equal(picture->height, CS_PLOT_HEIGHT);
    return picture;
}

static const uint8_t *pixel(const cs_image *picture, double recall, double precision) {
    size_t x = (size_t)lround(CS_PLOT_LEFT + recall * CS_PLOT_SIDE);
    size_t y = (size_t)lround(CS_PLOT_BOTTOM - precision * CS_PLOT_SIDE);
    return picture->pixels + (y * (size_t)picture->width + x) * 3;
}

static int is_dark(const uint8_t *p) {
    return p[0] < 60 && p[1] < 60 && p[2] < 60;
}

static int is_colored(const uint8_t *p) {
    int most = p[0] > p[1] ? p[0] : p[1], least = p[0] < p[1] ? p[0] : p[1];
    most = p[2] > most ? p[2] : most;
    least = p[2] < least ? p[2] : least;
    return most - least > 50;
}

/* Rows of the legend that have a sample of a line. */
static int legend_rows(const cs_image *picture) {
    int rows = 0, before = 0;
    for (size_t y = 0; y < (size_t)picture->height; y++) {
        const uint8_t *p = picture->pixels + (y * (size_t)picture->width + CS_PLOT_LEGEND + 3) * 3;
        int now = p[0] + p[1] + p[2] < 700;
        rows += now && !before;
        before = now;
    }
    return rows;
}

static void test_lines(void **state) {
    (void)state;
    const cs_curve curves[] = {{"mean", half, 0.5f, CS_CURVE_MEAN}, {"cat", step, 0.19f, CS_CURVE_THIN}};
    cs_image *picture = draw("a title", curves, 2);
    for (double recall = 0.05; recall < 1; recall += 0.1)
        assert_true(is_dark(pixel(picture, recall, 0.5)));
    assert_true(is_colored(pixel(picture, 0.13, 0.75)));
    assert_false(is_colored(pixel(picture, 0.33, 0.75)));  /* it has ended there */
    assert_false(is_colored(pixel(picture, 0.33, 0.001))); /* and does not run along the axis */
    assert_int_equal(legend_rows(picture), 2);
    cs_image_close(picture);
}

/* What has no figure is left out; a dashed line has gaps. */
static void test_missing_and_dashed(void **state) {
    (void)state;
    const cs_curve curves[] = {{"none", missing, NAN, CS_CURVE_THIN}, {"dashed", half, 0.5f, CS_CURVE_DASHED}};
    cs_image *picture = draw("", curves, 2);
    int dark = 0;
    for (int i = 0; i < 1000; i++)
        dark += is_dark(pixel(picture, i / 1000.0, 0.5));
    assert_true(dark > 400 && dark < 800);
    assert_int_equal(legend_rows(picture), 1);
    cs_image_close(picture);
}

/* More classes than rows: the best are listed, the rest counted in the last row. */
static void test_many(void **state) {
    (void)state;
    enum { MANY = 90 };
    cs_curve curves[MANY];
    for (int i = 0; i < MANY; i++)
        curves[i] = (cs_curve){HOSTILE "a class with a name that no legend has the room for", half, (float)i / MANY,
                               CS_CURVE_THIN};
    cs_image *picture = draw(HOSTILE, curves, MANY);
    assert_int_equal(legend_rows(picture), CS_PLOT_ROWS);
    cs_image_close(picture);
    picture = draw("", curves, CS_PLOT_ROWS);
    assert_int_equal(legend_rows(picture), CS_PLOT_ROWS);
    cs_image_close(picture);
    picture = draw("nothing", NULL, 0);
    assert_int_equal(legend_rows(picture), 0);
    cs_image_close(picture);
}

static void test_wrong_arguments(void **state) {
    (void)state;
    const cs_curve no_label = {NULL, half, 0.5f, CS_CURVE_THIN}, no_points = {"a", NULL, 0.5f, CS_CURVE_THIN};
    cs_image *picture = NULL;
    assert_fails(cs_draw_curves(NULL, NULL, 0, &picture, &error), CS_ERR_ARGUMENT, "a plot needs a title");
    assert_fails(cs_draw_curves("", NULL, 1, &picture, &error), CS_ERR_ARGUMENT, "a plot needs");
    assert_fails(cs_draw_curves("", &no_label, 1, &picture, &error), CS_ERR_ARGUMENT, "curve 0");
    assert_fails(cs_draw_curves("", &no_points, 1, &picture, &error), CS_ERR_ARGUMENT, "curve 0");
    assert_null(picture);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_missing_and_dashed),
                                       cmocka_unit_test(test_many), cmocka_unit_test(test_wrong_arguments)};
    return cmocka_run_group_tests(tests, make_curves, NULL);
}

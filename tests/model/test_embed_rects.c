/* Rectangles that share a resize pass give the very pictures that each gives by itself. */
#include "seen_pictures.h"

enum { WIDTH = 150, HEIGHT = 230 };

static void check(const cs_model *model, const cs_image *image, const cs_rect *rects, size_t n) {
    cs_error error;
    float *out = calloc(n * SEEN_NUMBERS, sizeof *out), expected[SEEN_NUMBERS];
    cs_model copy = *model;
    assert_ok(cs_model_embed_rects(&copy, cs_image_view(image), rects, n, NULL, out, &error));
    for (size_t i = 0; i < n; i++) {
        const cs_rect *r = &rects[i];
        cs_view view = cs_view_crop(cs_image_view(image), r->x, r->y, r->width, r->height);
        assert_ok(cs_preprocess_photo(&model->preprocess, view, expected, &error));
        if (memcmp(expected, out + i * SEEN_NUMBERS, sizeof expected) != 0)
            fail_msg("rectangle %zu (%d, %d, %d x %d) differs", i, r->x, r->y, r->width, r->height);
    }
    free(out);
}

static void check_all_ways(const cs_image *image, const cs_rect *rects, size_t n) {
    for (int batch = 1; batch <= 32; batch = batch * 3 + 1)
        for (int mode = CS_RESIZE_SHORTEST; mode <= CS_RESIZE_LONGEST; mode++)
            for (int filter = CS_FILTER_NEAREST; filter <= CS_FILTER_BICUBIC; filter++)
                for (int edge = SEEN_SIDE; edge <= SEEN_SIDE + 5; edge += 5) {
                    const cs_model model = seen_model(batch, (cs_resize_mode)mode, edge, (cs_filter)filter);
                    check(&model, image, rects, n);
                }
}

static void windows_of_a_grid(void **state) {
    (void)state;
    cs_rect rects[35];
    cs_image *image = noisy_image(WIDTH, HEIGHT);
    for (int i = 0; i < 35; i++)
        rects[i] = (cs_rect){i % 5 * 20, i / 5 * 25, 70, 70};
    check_all_ways(image, rects, 35);
    for (int i = 0; i < 35; i++) /* smaller than what they become */
        rects[i] = (cs_rect){i % 5 * 5, i / 5 * 3, 9, 9};
    check_all_ways(image, rects, 35);
    for (int i = 0; i < 35; i++) /* as large */
        rects[i] = (cs_rect){i % 5 * 5, i / 5 * 3, SEEN_SIDE, SEEN_SIDE};
    check_all_ways(image, rects, 35);
    cs_image_close(image);
}

/* Columns of one rectangle, columns that do not begin with their uppermost, heights that differ within a column, some
 * so tall that the pass down comes first, and the same rectangle twice. */
static void rectangles_of_any_kind(void **state) {
    (void)state;
    static const cs_rect rects[] = {{10, 0, 60, 60},  {10, 100, 60, 60},  {10, 30, 60, 200}, {10, 31, 60, 40},
                                    {10, 20, 61, 60}, {0, 0, 150, 230},   {0, 0, 150, 100},  {140, 0, 10, 230},
                                    {140, 9, 10, 10}, {140, 50, 10, 170}, {10, 30, 60, 60},  {10, 30, 60, 60},
                                    {149, 229, 1, 1}, {0, 0, 1, 230},     {0, 229, 150, 1},  {80, 60, 60, 90},
                                    {80, 11, 60, 90}, {80, 60, 30, 100},  {80, 0, 29, 29},   {80, 1, 29, 29}};
    cs_image *image = noisy_image(WIDTH, HEIGHT);
    cs_error error;
    for (int batch = 1; batch <= 32; batch = batch * 3 + 1)
        for (int filter = CS_FILTER_NEAREST; filter <= CS_FILTER_BICUBIC; filter++) {
            cs_model model = seen_model(batch, CS_RESIZE_SQUASH, SEEN_SIDE, (cs_filter)filter);
            check(&model, image, rects, sizeof rects / sizeof *rects);
            model.preprocess.mode = CS_RESIZE_SHORTEST;
            model.preprocess.edge = SEEN_SIDE + 3;
            check(&model, image, rects, sizeof rects / sizeof *rects);
        }
    cs_model model = seen_model(4, CS_RESIZE_SQUASH, SEEN_SIDE, CS_FILTER_BICUBIC);
    assert_ok(cs_model_embed_rects(&model, cs_image_view(image), NULL, 0, NULL, NULL, &error));
    cs_image_close(image);
}

static int stop_at_second(void *context, size_t done, size_t total) {
    assert_int_equal(total, 20);
    *(size_t *)context = done;
    return done >= 8;
}

static void work_can_be_cancelled(void **state) {
    (void)state;
    cs_error error;
    cs_rect rects[20];
    cs_image *image = noisy_image(WIDTH, HEIGHT);
    cs_model model = seen_model(4, CS_RESIZE_SQUASH, SEEN_SIDE, CS_FILTER_BICUBIC);
    float *out = calloc(20 * SEEN_NUMBERS, sizeof *out);
    size_t done = 0;
    const cs_progress progress = {stop_at_second, &done};
    for (int i = 0; i < 20; i++)
        rects[i] = (cs_rect){i % 4 * 20, i / 4 * 25, 70, 70};
    assert_fails(cs_model_embed_rects(&model, cs_image_view(image), rects, 20, &progress, out, &error),
                 CS_ERR_CANCELLED, "8 of 20");
    assert_int_equal(done, 8);
    free(out);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(windows_of_a_grid),
        cmocka_unit_test(rectangles_of_any_kind),
        cmocka_unit_test(work_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

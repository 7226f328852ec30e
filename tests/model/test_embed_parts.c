/* Parts of several photographs: each is seen as if it was a photograph by itself. */
#include "seen_pictures.h"

enum { PARTS = 9 };

static cs_image *images[2];

static void set_up_parts(cs_photo_part parts[PARTS]) {
    images[0] = noisy_image(90, 60);
    images[1] = noisy_image(40, 70);
    for (int i = 0; i < PARTS; i++) /* five of the first, two of the second, two of the first again */
        parts[i] = (cs_photo_part){images[i == 5 || i == 6], {i, i * 2, 30, 30}};
    parts[3].rect = (cs_rect){0, 0, 90, 60};
}

static void close_images(void) {
    cs_image_close(images[0]);
    cs_image_close(images[1]);
}

static void are_embedded_in_order(void **state) {
    (void)state;
    cs_error error;
    cs_photo_part parts[PARTS];
    set_up_parts(parts);
    float *out = calloc(PARTS * SEEN_NUMBERS, sizeof *out), expected[SEEN_NUMBERS];
    for (int batch = 1; batch < 12; batch += 5) {
        cs_model model = seen_model(batch, CS_RESIZE_SHORTEST, SEEN_SIDE + 3, CS_FILTER_BICUBIC);
        memset(out, 0, PARTS * SEEN_NUMBERS * sizeof *out);
        assert_ok(cs_model_embed_parts(&model, parts, PARTS, NULL, out, &error));
        for (int i = 0; i < PARTS; i++) {
            const cs_rect *r = &parts[i].rect;
            cs_view view = cs_view_crop(cs_image_view(parts[i].image), r->x, r->y, r->width, r->height);
            assert_ok(cs_preprocess_photo(&model.preprocess, view, expected, &error));
            if (memcmp(expected, out + i * SEEN_NUMBERS, sizeof expected) != 0) fail_msg("part %d differs", i);
        }
    }
    cs_model model = seen_model(4, CS_RESIZE_SQUASH, SEEN_SIDE, CS_FILTER_BICUBIC);
    assert_ok(cs_model_embed_parts(&model, NULL, 0, NULL, NULL, &error));
    free(out);
    close_images();
}

static void must_lie_inside(void **state) {
    (void)state;
    cs_error error;
    cs_photo_part parts[PARTS];
    cs_model model = seen_model(4, CS_RESIZE_SQUASH, SEEN_SIDE, CS_FILTER_BICUBIC);
    static const cs_rect bad[] = {{-1, 0, 5, 5},        {0, -1, 5, 5},         {0, 0, 0, 5},  {0, 0, 5, -5},
                                  {61, 0, 30, 5},       {0, 31, 5, 30},        {90, 0, 1, 1}, {0, 60, 1, 1},
                                  {1, 0, INT32_MAX, 1}, {0, INT32_MAX, 1, 61}, {0, 0, 91, 61}};
    set_up_parts(parts);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        parts[2].rect = bad[i];
        assert_fails(cs_model_embed_parts(&model, parts, PARTS, NULL, NULL, &error), CS_ERR_ARGUMENT,
                     "part 2: expected a rectangle inside 90 x 60 pixels");
    }
    parts[1].image = NULL;
    assert_fails(cs_model_embed_parts(&model, parts, PARTS, NULL, NULL, &error), CS_ERR_ARGUMENT, "part 1");
    close_images();
}

typedef struct steps {
    size_t last, stop_at;
} steps;

static int on_step(void *context, size_t done, size_t total) {
    steps *seen = context;
    assert_int_equal(total, PARTS);
    assert_true(done >= seen->last);
    seen->last = done;
    return done >= seen->stop_at;
}

static void report_progress_over_all(void **state) {
    (void)state;
    cs_error error;
    cs_photo_part parts[PARTS];
    set_up_parts(parts);
    float *out = calloc(PARTS * SEEN_NUMBERS, sizeof *out);
    cs_model model = seen_model(2, CS_RESIZE_SQUASH, SEEN_SIDE, CS_FILTER_BICUBIC);
    steps all = {0, PARTS + 1}, some = {0, 6};
    const cs_progress to_end = {on_step, &all}, stopped = {on_step, &some};
    assert_ok(cs_model_embed_parts(&model, parts, PARTS, &to_end, out, &error));
    assert_int_equal(all.last, PARTS);
    assert_int_equal(cs_model_embed_parts(&model, parts, PARTS, &stopped, out, &error), CS_ERR_CANCELLED);
    assert_in_range(some.last, 6, PARTS - 1);
    free(out);
    close_images();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_embedded_in_order),
        cmocka_unit_test(must_lie_inside),
        cmocka_unit_test(report_progress_over_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

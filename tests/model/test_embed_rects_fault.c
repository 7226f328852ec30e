/* Rectangles where memory is short: every allocation fails in its turn, alone and with all that follow. */
#include "seen_pictures.h"

enum { WINDOWS = 12 };

static void want_of_memory(void **state) {
    (void)state;
    cs_error error;
    cs_rect rects[WINDOWS];
    cs_image *image = noisy_image(90, 160);
    cs_model model = seen_model(5, CS_RESIZE_SHORTEST, SEEN_SIDE + 4, CS_FILTER_BICUBIC);
    float *out = calloc(WINDOWS * SEEN_NUMBERS, sizeof *out);
    for (int i = 0; i < WINDOWS; i++)
        rects[i] = (cs_rect){i % 3 * 15, i / 3 * 25, 60, 60};
    fail_allocation(-1, 0);
    assert_ok(cs_model_embed_rects(&model, cs_image_view(image), rects, WINDOWS, NULL, out, &error));
    long count = allocations_made();
    for (long n = 0; n < count * 2; n++) {
        error.message[0] = '\0';
        fail_allocation(n / 2, (int)(n % 2));
        cs_status status = cs_model_embed_rects(&model, cs_image_view(image), rects, WINDOWS, NULL, out, &error);
        fail_allocation(-1, 0);
        assert_int_equal(status, CS_ERR_MEMORY);
        assert_true(error.message[0] != '\0');
    }
    assert_true(count >= 5);
    free(out);
    cs_image_close(image);
}

static cs_photo_part parts[4];
static float *seen;

static cs_status embed_parts(void) {
    cs_error error;
    cs_model model = seen_model(5, CS_RESIZE_SHORTEST, SEEN_SIDE + 4, CS_FILTER_BICUBIC);
    return cs_model_embed_parts(&model, parts, 4, NULL, seen, &error);
}

static void want_of_memory_for_parts(void **state) {
    (void)state;
    cs_image *images[2] = {noisy_image(90, 160), noisy_image(80, 80)};
    seen = calloc(4 * SEEN_NUMBERS, sizeof *seen);
    for (int i = 0; i < 4; i++)
        parts[i] = (cs_photo_part){images[i / 2], {i, 2 * i, 60, 60}};
    for (long n = 0, done = 0; !done; n++) {
        fail_allocation(n, (int)(n % 2));
        cs_status status = embed_parts();
        done = allocations_made() <= n;
        fail_allocation(-1, 0);
        assert_int_equal(status, done ? CS_OK : CS_ERR_MEMORY);
        assert_true(!done || n >= 8);
    }
    free(seen);
    cs_image_close(images[0]);
    cs_image_close(images[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(want_of_memory), cmocka_unit_test(want_of_memory_for_parts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

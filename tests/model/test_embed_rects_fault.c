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

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(want_of_memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

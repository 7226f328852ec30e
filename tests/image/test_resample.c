/* Resampling against Pillow's results, and the fast loops against the readable ones. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checksum.h"
#include "image/resample_plan.h"
#include "image/resample_reference.h"
#include "support/random.h"
#include "support/support.h"

static void test_pixels_equal_pillows(void **state) {
    (void)state;
    cs_error error;
    cs_image *source;
    assert_ok(cs_image_open(test_data("image/source.png"), NULL, &source, &error));
    FILE *list = fopen(test_data("image/resample.tsv"), "r");
    assert_non_null(list);
    int filter, x, y, w, h, width, height, n = 0;
    unsigned crc;
    while (fscanf(list, "%d %d %d %d %d %d %d %x", &filter, &x, &y, &w, &h, &width, &height, &crc) == 8) {
        cs_view crop = cs_view_crop(cs_image_view(source), x, y, w, h);
        size_t size = (size_t)width * (size_t)height * 3;
        uint8_t *out = malloc(size);
        assert_ok(cs_resample(crop, width, height, (cs_filter)filter, 1, out, (size_t)width * 3, &error));
        unsigned found = checksum(out, size);
        assert_ok(cs_resample_reference(crop, width, height, (cs_filter)filter, out, (size_t)width * 3, &error));
        if (found != crc || checksum(out, size) != crc)
            fail_msg("filter %d, %d x %d to %d x %d: CRC %08x (reference %08x), expected %08x", filter, w, h, width,
                     height, found, checksum(out, size), crc);
        free(out);
        n++;
    }
    fclose(list);
    assert_true(n >= 240);
    cs_image_close(source);
}

/* A source whose rows stand apart, in memory that ends with its last sample, so that the address sanitizer sees a read
 * beyond it. Extreme samples make the clamping matter. */
static uint8_t *make_source(uint32_t *seed, int width, int height, size_t stride) {
    size_t size = stride * (size_t)(height - 1) + (size_t)width * 3;
    uint8_t *pixels = malloc(size);
    assert_non_null(pixels);
    int extreme = next_random(seed) & 1;
    for (size_t i = 0; i < size; i++) {
        uint8_t sample = (uint8_t)(next_random(seed) >> 9);
        pixels[i] = extreme ? (sample & 128 ? 255 : 0) : sample;
    }
    return pixels;
}

static int draw(uint32_t *seed, int most) {
    return 1 + (int)(next_random(seed) % (uint32_t)most);
}

static void compare(cs_kernels kernels, cs_view source, int width, int height, cs_filter filter, int threads) {
    cs_error error;
    size_t row = (size_t)width * 3, stride = row + 5, size = stride * (size_t)(height - 1) + row;
    uint8_t *fast = malloc(size), *plain = malloc(row * (size_t)height);
    memset(fast, 0xA5, size);
    assert_ok(cs_resample_with(kernels, source, width, height, filter, threads, fast, stride, &error));
    assert_ok(cs_resample_reference(source, width, height, filter, plain, row, &error));
    for (int y = 0; y < height; y++) {
        if (memcmp(fast + (size_t)y * stride, plain + (size_t)y * row, row) != 0)
            fail_msg("filter %d, %d x %d to %d x %d, %d threads: row %d differs", (int)filter, source.width,
                     source.height, width, height, threads, y);
        for (size_t i = row; i < stride && y + 1 < height; i++)
            assert_int_equal(fast[(size_t)y * stride + i], 0xA5); /* nothing between the rows is touched */
    }
    free(fast);
    free(plain);
}

static void compare_random_sizes(cs_kernels kernels, uint32_t seed) {
    for (int i = 0; i < 400; i++) {
        int most = i % 4 == 0 ? 8 : i % 4 == 1 ? 40 : 150;
        int w = draw(&seed, most), h = draw(&seed, most), width = draw(&seed, most), height = draw(&seed, most);
        if (i % 10 == 0) width = w;
        if (i % 10 == 5) height = h;
        size_t stride = (size_t)w * 3 + next_random(&seed) % 20;
        uint8_t *pixels = make_source(&seed, w, h, stride);
        cs_view source = {pixels, stride, w, h};
        compare(kernels, source, width, height, (cs_filter)(i % 3 + 1), 1);
        free(pixels);
    }
}

static void test_fast_equals_reference(void **state) {
    (void)state;
    compare_random_sizes(cs_kernels_best(), 1);
}

static void test_plain_loops_equal_reference(void **state) {
    (void)state;
    compare_random_sizes(cs_kernels_plain(), 2);
}

/* Large enough that several threads get to work, both orders of the passes among them. */
static void test_threads_change_nothing(void **state) {
    (void)state;
    static const int sizes[][4] = {{700, 500, 300, 214}, {300, 900, 280, 350}, {500, 500, 500, 190},
                                   {500, 500, 190, 500}, {400, 300, 400, 300}, {200, 150, 900, 700}};
    uint32_t seed = 3;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const int *s = sizes[i];
        uint8_t *pixels = make_source(&seed, s[0], s[1], (size_t)s[0] * 3);
        cs_view source = {pixels, (size_t)s[0] * 3, s[0], s[1]};
        for (int threads = 1; threads <= 3; threads++)
            compare(cs_kernels_best(), source, s[2], s[3], CS_FILTER_BICUBIC, threads);
        free(pixels);
    }
}

static void test_arguments(void **state) {
    (void)state;
    cs_error error;
    uint8_t pixel[3] = {1, 2, 3}, out[3];
    cs_view source = {pixel, 3, 1, 1};
    assert_fails(cs_resample(source, 0, 1, CS_FILTER_BICUBIC, 1, out, 3, &error), CS_ERR_ARGUMENT, "1 x 1 to 0 x 1");
    assert_fails(cs_resample(source, 1, 1, (cs_filter)4, 1, out, 3, &error), CS_ERR_ARGUMENT, "filter 4");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_equal_pillows),
        cmocka_unit_test(test_fast_equals_reference),
        cmocka_unit_test(test_plain_loops_equal_reference),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

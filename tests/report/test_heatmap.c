/* Heat maps: the chapter's to the bit, the overlay by its properties. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fonts.h"
#include "image/image.h"
#include "report/color.h"
#include "report/heatmap.h"
#include "report/legend.h"
#include "sample.h"

static cs_error error;

/* Pixel values run through all of 0..255. */
static cs_image *ramp_image(int width, int height) {
    cs_image *image = NULL;
    assert_ok(cs_image_create(width, height, &image, &error));
    for (int i = 0; i < width * height * 3; i++)
        image->pixels[i] = (uint8_t)(i * 7);
    return image;
}

/* 2 x 3 patches of 4 pixels in a photograph of 13 x 9: the last column and row lie outside the grid. */
static void brightness_is_the_product_rounded(void **state) {
    (void)state;
    const float cells[] = {0, 1, 0.5F, 0.25F, 1.0F / 3, 0.999F};
    cs_image *image = ramp_image(13, 9), *picture = NULL;
    cs_maps *maps = sample_maps(1, 4, 2, 3, cells);
    assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_BRIGHTNESS, &picture, &error));
    assert_int_equal(picture->width, 12);
    assert_int_equal(picture->height, 8);
    for (int y = 0; y < 8; y++)
        for (int x = 0; x < 12; x++)
            for (int c = 0; c < 3; c++) {
                int before = image->pixels[(y * 13 + x) * 3 + c];
                double expected = floor(before * (double)cells[y / 4 * 3 + x / 4] + 0.5);
                assert_int_equal(picture->pixels[(y * 12 + x) * 3 + c], (int)expected);
            }
    cs_image_close(picture);
    cs_image_close(image);
    cs_maps_destroy(maps);
}

/* Scores outside [0, 1], or that are none, and a grid larger than its photograph. */
static void odd_maps_do_no_harm(void **state) {
    (void)state;
    const float cells[] = {NAN, 2, -1, INFINITY};
    static const int sizes[][2] = {{1, 1}, {3, 40}, {40, 3}, {9, 9}, {300, 200}};
    cs_maps *maps = sample_maps(1, 6, 2, 2, cells);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cs_image *image = ramp_image(sizes[i][0], sizes[i][1]), *picture = NULL;
        assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_BRIGHTNESS, &picture, &error));
        assert_int_equal(picture->width, sizes[i][0] < 12 ? sizes[i][0] : 12);
        assert_int_equal(picture->pixels[0], 0);
        cs_image_close(picture);
        assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_OVERLAY, &picture, &error));
        assert_int_equal(picture->width, sizes[i][0]);
        cs_image_close(picture);
        cs_image_close(image);
    }
    cs_maps_destroy(maps);
}

static const uint8_t *pixel_at(const cs_image *image, int x, int y) {
    return image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * 3;
}

/* On a black photograph the overlay's colour is that of the score, thinned by its alpha. */
static void overlay_follows_the_scores(void **state) {
    (void)state;
    const float cells[] = {0, 1, 0, 1};
    cs_image *image = ramp_image(210, 200), *picture = NULL;
    memset(image->pixels, 0, 210 * 200 * 3);
    cs_maps *maps = sample_maps(1, 100, 2, 2, cells);
    assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_OVERLAY, &picture, &error));
    assert_int_equal(picture->width, 210);
    assert_int_equal(picture->height, 200 + cs_legend_height(210, 200));
    cs_rgb colors[CS_COLORMAP_STEPS];
    cs_colormap(colors);
    /* Flat up to the left cell's centre and from the right one's on; halfway between them half the score. */
    assert_int_equal(pixel_at(picture, 10, 100)[2], (colors[0].b * 64 + 128) / 256);
    assert_memory_equal(pixel_at(picture, 10, 100), pixel_at(picture, 49, 20), 3);
    assert_int_equal(pixel_at(picture, 180, 100)[0], (colors[255].r * 184 + 128) / 256);
    assert_in_range(pixel_at(picture, 100, 100)[0], colors[128].r * 124 / 256 - 3, colors[128].r * 124 / 256 + 3);
    /* Lighter from left to right, and without a jump. */
    for (int x = 1; x < 200; x++) {
        int step = pixel_at(picture, x, 100)[0] - pixel_at(picture, x - 1, 100)[0];
        assert_in_range(step + 2, 0, 10);
    }
    /* Outside the grid there is no score and no colour. */
    assert_memory_equal(pixel_at(picture, 205, 100), ((const uint8_t[]){0, 0, 0}), 3);
    cs_image_close(picture);
    cs_image_close(image);
    cs_maps_destroy(maps);
}

/* The strip below holds the whole scale, from its first colour to its last. */
static void the_legend_shows_the_scale(void **state) {
    (void)state;
    const float cell = 0;
    cs_image *image = ramp_image(500, 375), *picture = NULL;
    cs_maps *maps = sample_maps(1, 100, 1, 1, &cell);
    assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_OVERLAY, &picture, &error));
    cs_rgb colors[CS_COLORMAP_STEPS];
    cs_colormap(colors);
    int y = 375 + (picture->height - 375) / 2, first = 0, last = 0, white = 0;
    for (int x = 0; x < 500; x++) {
        if (memcmp(pixel_at(picture, x, y), &colors[0], 3) == 0) first = x;
        if (memcmp(pixel_at(picture, x, y), &colors[255], 3) == 0) last = x;
        white += pixel_at(picture, x, y)[0] > 200 && pixel_at(picture, x, y)[2] > 200;
    }
    assert_true(first > 50);
    assert_true(last > first + 150);
    assert_true(white > 5);
    cs_image_close(picture);
    cs_image_close(image);
    cs_maps_destroy(maps);
}

static void large_photographs_are_scaled_down(void **state) {
    (void)state;
    const float cell = 1;
    cs_image *image = ramp_image(300, 4096), *picture = NULL;
    cs_maps *maps = sample_maps(1, 100, 1, 1, &cell);
    assert_ok(cs_draw_heatmap(image, maps, 0, CS_HEATMAP_OVERLAY, &picture, &error));
    assert_int_equal(picture->width, 150);
    assert_int_equal(picture->height, 2048 + cs_legend_height(150, 2048));
    cs_image_close(picture);
    cs_image_close(image);
    cs_maps_destroy(maps);
}

/* Even steps of lightness (OKLab's, of which the cube root of luminance is close to a measure for all hues). */
static void the_scale_gets_lighter_evenly(void **state) {
    (void)state;
    cs_rgb colors[CS_COLORMAP_STEPS];
    cs_colormap(colors);
    double previous = cbrt(cs_color_luminance(colors[0]));
    for (int i = 15; i < CS_COLORMAP_STEPS; i += 15) {
        double lightness = cbrt(cs_color_luminance(colors[i]));
        assert_true(lightness - previous > 0.02 && lightness - previous < 0.07);
        previous = lightness;
    }
}

/* sRGB to OKLab by the paper's numbers: the way back of what makes the colours. */
static void oklab_of(cs_rgb color, double lab[3]) {
    const uint8_t bytes[3] = {color.r, color.g, color.b};
    double rgb[3], cones[3];
    for (int i = 0; i < 3; i++)
        rgb[i] = bytes[i] <= 10 ? bytes[i] / 255.0 / 12.92 : pow((bytes[i] / 255.0 + 0.055) / 1.055, 2.4);
    cones[0] = cbrt(0.4122214708 * rgb[0] + 0.5363325363 * rgb[1] + 0.0514459929 * rgb[2]);
    cones[1] = cbrt(0.2119034982 * rgb[0] + 0.6806995451 * rgb[1] + 0.1073969566 * rgb[2]);
    cones[2] = cbrt(0.0883024619 * rgb[0] + 0.2817188376 * rgb[1] + 0.6299787005 * rgb[2]);
    lab[0] = 0.2104542553 * cones[0] + 0.7936177850 * cones[1] - 0.0040720468 * cones[2];
    lab[1] = 1.9779984951 * cones[0] - 2.4285922050 * cones[1] + 0.4505937099 * cones[2];
    lab[2] = 0.0259040371 * cones[0] + 0.7827717662 * cones[1] - 0.8086757660 * cones[2];
}

/* Equal steps of the score are equal steps of colour: none of 15 differs by a fifth from another. */
static void the_scale_is_perceptually_uniform(void **state) {
    (void)state;
    cs_rgb colors[CS_COLORMAP_STEPS];
    cs_colormap(colors);
    double before[3], least = 1, most = 0;
    oklab_of(colors[0], before);
    for (int i = 17; i < CS_COLORMAP_STEPS; i += 17) {
        double lab[3];
        oklab_of(colors[i], lab);
        double step = hypot(hypot(lab[0] - before[0], lab[1] - before[1]), lab[2] - before[2]);
        least = fmin(least, step);
        most = fmax(most, step);
        memcpy(before, lab, sizeof before);
    }
    if (most > 1.2 * least) fail_msg("steps of colour from %g to %g", least, most);
}

static void misuse_is_refused(void **state) {
    (void)state;
    const float cell = 1;
    cs_image *image = ramp_image(8, 8), *picture = NULL;
    cs_maps *maps = sample_maps(1, 4, 1, 1, &cell);
    assert_fails(cs_draw_heatmap(image, maps, 1, CS_HEATMAP_OVERLAY, &picture, &error), CS_ERR_ARGUMENT, "map 1");
    assert_fails(cs_draw_heatmap(image, maps, 0, (cs_heatmap_style)7, &picture, &error), CS_ERR_ARGUMENT, "style 7");
    assert_fails(cs_draw_heatmap(image, NULL, 0, CS_HEATMAP_OVERLAY, &picture, &error), CS_ERR_ARGUMENT, "maps");
    assert_null(picture);
    cs_maps_destroy(maps);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brightness_is_the_product_rounded), cmocka_unit_test(odd_maps_do_no_harm),
        cmocka_unit_test(overlay_follows_the_scores),        cmocka_unit_test(the_legend_shows_the_scale),
        cmocka_unit_test(large_photographs_are_scaled_down), cmocka_unit_test(the_scale_gets_lighter_evenly),
        cmocka_unit_test(the_scale_is_perceptually_uniform), cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

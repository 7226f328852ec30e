/* Boxes and tags on photographs, by their pixels; colours. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fonts.h"
#include "image/image.h"
#include "report/color.h"
#include "report/lettering.h"
#include "report/style.h"
#include "sample.h"

static cs_error error;
static char *labels[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t) "a dog"};
static cs_prompts prompts = {2, 0, labels, NULL};

/* A photograph of one grey. */
static cs_image *grey_image(int width, int height) {
    cs_image *image = NULL;
    assert_ok(cs_image_create(width, height, &image, &error));
    memset(image->pixels, 100, (size_t)width * (size_t)height * 3);
    return image;
}

static cs_image *draw(const cs_image *image, const cs_detection *items, size_t count) {
    cs_detections *detections = sample_detections(items, count);
    cs_image *picture = NULL;
    assert_ok(cs_draw_detections(image, &prompts, detections, &picture, &error));
    assert_int_equal(picture->width, image->width);
    assert_int_equal(picture->height, image->height);
    cs_detections_destroy(detections);
    return picture;
}

static int has_color(const cs_image *image, int x, int y, cs_rgb color) {
    const uint8_t *pixel = image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * 3;
    return pixel[0] == color.r && pixel[1] == color.g && pixel[2] == color.b;
}

static const cs_rgb grey = {100, 100, 100};

static int count_changed(const cs_image *image) {
    int count = 0;
    for (int y = 0; y < image->height; y++)
        for (int x = 0; x < image->width; x++)
            count += !has_color(image, x, y, grey);
    return count;
}

/* Changed pixels that are joined to (x, y) by changed pixels. */
static int count_reached(const cs_image *image, int x, int y) {
    int size = image->width * image->height, depth = 0, count = 0;
    int *stack = malloc((size_t)size * sizeof *stack);
    unsigned char *seen = calloc((size_t)size, 1);
    stack[depth++] = y * image->width + x;
    seen[stack[0]] = 1;
    while (depth > 0) {
        int at = stack[--depth];
        count++;
        for (int way = 0; way < 4; way++) {
            int to_x = at % image->width + (way == 0) - (way == 1), to_y = at / image->width + (way == 2) - (way == 3);
            int to = to_y * image->width + to_x;
            if (to_x < 0 || to_y < 0 || to_x >= image->width || to_y >= image->height) continue;
            if (seen[to] || has_color(image, to_x, to_y, grey)) continue;
            seen[to] = 1;
            stack[depth++] = to;
        }
    }
    free(seen);
    free(stack);
    return count;
}

/* Casing 1, line 2, casing 1 along the inside of the box. */
static void a_box_is_a_line_between_casings(void **state) {
    (void)state;
    cs_image *image = grey_image(400, 300);
    cs_image *picture = draw(image, &(cs_detection){1, 0.5F, 100, 80, 200, 150}, 1);
    cs_rgb color = cs_palette(1), ink = cs_color_ink(color);
    int y = 150, x = 250;
    assert_true(has_color(picture, 99, y, grey) && has_color(picture, 100, y, ink));
    assert_true(has_color(picture, 101, y, color) && has_color(picture, 102, y, color));
    assert_true(has_color(picture, 103, y, ink) && has_color(picture, 104, y, grey));
    assert_true(has_color(picture, 299, y, ink) && has_color(picture, 298, y, color));
    assert_true(has_color(picture, 300, y, grey) && has_color(picture, 295, y, grey));
    assert_true(has_color(picture, x, 80, ink) && has_color(picture, x, 81, color));
    assert_true(has_color(picture, x, 229, ink) && has_color(picture, x, 228, color));
    assert_true(has_color(picture, x, 230, grey) && has_color(picture, x, 225, grey));
    cs_image_close(picture);
    cs_image_close(image);
}

/* Only the box and the tag above its left corner may change; the tag has the prompt's colour and dark letters. */
static void nothing_else_changes(void **state) {
    (void)state;
    cs_image *image = grey_image(400, 300);
    cs_image *picture = draw(image, &(cs_detection){1, 0.5F, 100, 80, 200, 150}, 1);
    int tag_ground = 0, tag_ink = 0;
    for (int y = 0; y < 300; y++)
        for (int x = 0; x < 400; x++) {
            int in_box = x >= 100 && x < 300 && y >= 80 && y < 230 && !(x >= 104 && x < 296 && y >= 84 && y < 226);
            int in_tag = x >= 100 && x < 200 && y >= 55 && y < 80;
            if (!in_box && !in_tag) assert_true(has_color(picture, x, y, grey));
            tag_ground += in_tag && has_color(picture, x, y, cs_palette(1));
            tag_ink += in_tag && has_color(picture, x, y, cs_color_ink(cs_palette(1)));
        }
    assert_true(tag_ground > 300);
    assert_true(tag_ink > 50);
    cs_image_close(picture);
    cs_image_close(image);
}

static void nothing_found_is_a_copy(void **state) {
    (void)state;
    cs_image *image = grey_image(30, 20);
    cs_image *picture = draw(image, NULL, 0);
    assert_ptr_not_equal(picture->pixels, image->pixels);
    assert_memory_equal(picture->pixels, image->pixels, 30 * 20 * 3);
    cs_image_close(picture);
    cs_image_close(image);
}

/* The small box is inside the large one and comes first in the list, yet is drawn over it where they meet. */
static void small_boxes_lie_on_top(void **state) {
    (void)state;
    cs_image *image = grey_image(400, 300);
    const cs_detection items[] = {{0, 0.9F, 50, 100, 60, 60}, {1, 0.5F, 50, 50, 300, 200}};
    cs_image *picture = draw(image, items, 2);
    assert_true(has_color(picture, 51, 130, cs_palette(0)));
    assert_true(has_color(picture, 51, 200, cs_palette(1)));
    cs_image_close(picture);
    cs_image_close(image);
}

/* Boxes over the edges, of no size, and of no numbers, in pictures down to one pixel. */
static void odd_boxes_and_sizes_do_no_harm(void **state) {
    (void)state;
    const cs_detection odd[] = {
        {0, 0.5F, -50, -50, 9999, 9999},        {1, 0.5F, 5, 5, 0, 0},
        {0, 0.5F, 1e30F, -1e30F, 1e30F, 1e30F}, {1, NAN, NAN, NAN, NAN, NAN},
        {0, 1, 3, 3, INFINITY, INFINITY},       {1, 1, 50, 50, -20, -20},
    };
    static const int sizes[][2] = {{1, 1}, {2, 50}, {50, 2}, {7, 7}, {33, 21}, {1, 400}, {640, 480}, {3000, 8}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cs_image *image = grey_image(sizes[i][0], sizes[i][1]);
        cs_image_close(draw(image, odd, 6));
        cs_image_close(image);
    }
}

/* Thirty labels for one place: some stand off, each with a line of its colour that leads to the box. */
static void a_label_without_room_is_led_to_its_box(void **state) {
    (void)state;
    enum { MANY = 30, WIDTH = 400, HEIGHT = 300 };
    cs_image *image = grey_image(WIDTH, HEIGHT);
    cs_detection items[MANY];
    for (int i = 0; i < MANY; i++)
        items[i] = (cs_detection){1, 0.5F, 180, 130, 40, 30};
    cs_image *picture = draw(image, items, MANY);
    int away = 0;
    for (int y = 0; y < HEIGHT; y++)
        away += has_color(picture, 199, y, cs_palette(1)) && (y < 90 || y > 200);
    assert_true(away > 20);
    /* Whatever has changed hangs together: what is filled from a corner of the box reaches all of it. */
    assert_int_equal(count_reached(picture, 180, 130), count_changed(picture));
    cs_image_close(picture);
    cs_image_close(image);
}

/* In a picture of the size of an icon the boxes are there, and no label hides them. */
static void tiny_pictures_have_no_labels(void **state) {
    (void)state;
    cs_image *image = grey_image(16, 16);
    cs_image *picture = draw(image, &(cs_detection){1, 0.5F, 4, 4, 10, 10}, 1);
    assert_true(has_color(picture, 5, 8, cs_palette(1)));
    for (int i = 0; i < 16; i++) {
        assert_true(has_color(picture, i, 3, grey));
        assert_true(has_color(picture, 8, 8, grey));
    }
    cs_image_close(picture);
    cs_image_close(image);
}

/* A box without an extent is still drawn. */
static void no_box_vanishes(void **state) {
    (void)state;
    cs_image *image = grey_image(400, 300);
    cs_image *picture = draw(image, &(cs_detection){1, 0.5F, 200, 150, 0, 0}, 1);
    assert_true(has_color(picture, 200, 150, cs_palette(1)));
    cs_image_close(picture);
    picture = draw(image, &(cs_detection){1, 0.5F, 0, 150, 0, 0}, 1); /* moved in from the edge, whole */
    assert_true(has_color(picture, 1, 150, cs_palette(1)) && has_color(picture, 2, 150, cs_palette(1)));
    cs_image_close(picture);
    cs_image_close(image);
}

static void hostile_labels_are_drawn(void **state) {
    (void)state;
    enum { LONG = 10000 };
    char *longest = malloc(LONG + 1);
    memset(longest, 'w', LONG);
    longest[LONG] = '\0';
    char *bad[] = {(char *)(uintptr_t)HOSTILE, longest, (char *)(uintptr_t) ""};
    cs_prompts hostile = {3, 0, bad, NULL};
    const cs_detection items[] = {{0, 0.5F, 10, 100, 60, 60}, {1, 0.5F, 100, 100, 80, 80}, {2, 0.5F, 5, 5, 9, 9}};
    cs_detections *detections = sample_detections(items, 3);
    cs_image *image = grey_image(400, 300), *picture = NULL;
    assert_ok(cs_draw_detections(image, &hostile, detections, &picture, &error));
    cs_image_close(picture);
    cs_image_close(image);
    cs_detections_destroy(detections);
    free(longest);
}

static void long_labels_lose_their_end(void **state) {
    (void)state;
    cs_lettering lettering;
    assert_ok(cs_lettering_open(14, &lettering, &error));
    char *text = cs_lettering_fit(&lettering, "a cat", " 0.87", 1000);
    assert_string_equal(text, "a cat 0.87");
    free(text);
    for (int limit = 60; limit < 200; limit += 7) {
        text = cs_lettering_fit(&lettering, "e\u0301e\u0301 \U0001F468\u200D\U0001F469 and a very long rest", " 0.87",
                                limit);
        assert_true(cs_lettering_width(&lettering, text) <= limit);
        assert_string_equal(text + strlen(text) - strlen("\u2026 0.87"), "\u2026 0.87");
        /* As much as fits: at least a third of the room. */
        assert_true(cs_lettering_width(&lettering, text) > limit / 3.0);
        free(text);
    }
    text = cs_lettering_fit(&lettering, "a cat", " 0.87", 0);
    assert_string_equal(text, "\u2026 0.87");
    free(text);
    cs_lettering_close(&lettering);
}

static double distance(cs_rgb a, cs_rgb b) {
    return hypot(hypot(a.r - b.r, a.g - b.g), a.b - b.b);
}

static void prompts_have_colours_apart(void **state) {
    (void)state;
    enum { MANY = 16 };
    for (size_t i = 0; i < MANY; i++)
        for (size_t k = 0; k < i; k++)
            if (distance(cs_palette(i), cs_palette(k)) < 28) fail_msg("colours %zu and %zu are alike", i, k);
    cs_palette(SIZE_MAX);
}

/* The tag's letters can be read: WCAG 2.1 asks for a contrast of 4.5. */
static void ink_contrasts_with_every_colour(void **state) {
    (void)state;
    for (size_t i = 0; i < 300; i++) {
        cs_rgb color = cs_palette(i);
        double ground = cs_color_luminance(color) + 0.05, ink = cs_color_luminance(cs_color_ink(color)) + 0.05;
        assert_true(fmax(ground, ink) / fmin(ground, ink) >= 4.5);
    }
}

static void known_colours(void **state) {
    (void)state;
    cs_rgb white = cs_color_lch(1, 0, 0), red = cs_color_lch(0.62796, 0.25768, 29.234);
    assert_memory_equal(&white, (&(cs_rgb){255, 255, 255}), sizeof white);
    assert_true(distance(red, (cs_rgb){255, 0, 0}) < 3);
    assert_true(fabs(cs_color_luminance((cs_rgb){255, 0, 0}) - 0.2126) < 1e-9);
}

static void sizes_follow_the_photograph(void **state) {
    (void)state;
    cs_style small = cs_style_for(500, 375), large = cs_style_for(3456, 5184), tiny = cs_style_for(20, 20);
    assert_int_equal(small.line, 2);
    assert_int_equal(small.font, 12);
    assert_in_range(large.line, 10, 20);
    assert_in_range(large.font, 80, 160);
    assert_in_range(tiny.font, 1, 6);
}

static void misuse_is_refused(void **state) {
    (void)state;
    cs_image *image = grey_image(8, 8), *picture = NULL;
    cs_detections *wrong = sample_detections(&(cs_detection){2, 0.5F, 0, 0, 4, 4}, 1);
    assert_fails(cs_draw_detections(image, &prompts, wrong, &picture, &error), CS_ERR_ARGUMENT, "prompt 2");
    assert_fails(cs_draw_detections(NULL, &prompts, wrong, &picture, &error), CS_ERR_ARGUMENT, "photograph");
    assert_null(picture);
    cs_detections_destroy(wrong);
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_box_is_a_line_between_casings),
        cmocka_unit_test(nothing_else_changes),
        cmocka_unit_test(nothing_found_is_a_copy),
        cmocka_unit_test(small_boxes_lie_on_top),
        cmocka_unit_test(odd_boxes_and_sizes_do_no_harm),
        cmocka_unit_test(no_box_vanishes),
        cmocka_unit_test(a_label_without_room_is_led_to_its_box),
        cmocka_unit_test(tiny_pictures_have_no_labels),
        cmocka_unit_test(hostile_labels_are_drawn),
        cmocka_unit_test(long_labels_lose_their_end),
        cmocka_unit_test(prompts_have_colours_apart),
        cmocka_unit_test(ink_contrasts_with_every_colour),
        cmocka_unit_test(known_colours),
        cmocka_unit_test(sizes_follow_the_photograph),
        cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

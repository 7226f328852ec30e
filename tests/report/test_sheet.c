/* Sheets of photographs, by their pixels: what lies where, and what is refused. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fonts.h"
#include "image/image.h"
#include "report/sheet.h"
#include "sample.h"

static cs_error error;
static char *labels[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t)HOSTILE};
static cs_prompts prompts = {2, 0, labels, NULL};
static const cs_rgb green = {10, 200, 30};

static cs_image *plain_image(int width, int height) {
    cs_image *image = NULL;
    assert_ok(cs_image_create(width, height, &image, &error));
    cs_canvas_fill(image, (cs_rect){0, 0, width, height}, green);
    return image;
}

static cs_rgb pixel(const cs_image *image, int x, int y) {
    const uint8_t *p = image->pixels + ((size_t)y * (size_t)image->width + (size_t)x) * 3;
    return (cs_rgb){p[0], p[1], p[2]};
}

static int is_color(const cs_image *image, int x, int y, cs_rgb color) {
    cs_rgb p = pixel(image, x, y);
    return p.r == color.r && p.g == color.g && p.b == color.b;
}

static int count_color(const cs_image *image, cs_rect in, cs_rgb color) {
    int count = 0;
    for (int y = in.y; y < in.y + in.height; y++)
        for (int x = in.x; x < in.x + in.width; x++)
            count += is_color(image, x, y, color);
    return count;
}

static cs_image *draw(const cs_sheet *sheet) {
    cs_image *picture = NULL;
    assert_ok(cs_draw_sheet(sheet, &picture, &error));
    return picture;
}

/* Where the mat of an item is in the finished picture. */
static cs_rect mat_of(const cs_sheet *sheet, size_t index) {
    cs_sheet_grid grid;
    int top = 0;
    assert_ok(cs_sheet_grid_make(sheet, &grid, &error));
    assert_ok(cs_sheet_heading(sheet, grid.width, NULL, &top, &error));
    cs_rect card = cs_sheet_card(&grid, index);
    return (cs_rect){card.x + CS_SHEET_BORDER, card.y + top + CS_SHEET_BORDER, grid.side, grid.mat};
}

static cs_rect line_of(const cs_sheet *sheet, size_t index) {
    cs_rect mat = mat_of(sheet, index);
    return (cs_rect){mat.x, mat.y + mat.height, mat.width, 20};
}

static void every_photograph_lies_in_the_middle_of_its_mat(void **state) {
    (void)state;
    cs_image *wide = plain_image(1200, 900), *tall = plain_image(300, 900), *small = plain_image(10, 10);
    const cs_sheet_item items[] = {{wide, 0, 0, NULL, "wide", NAN},
                                   {tall, 0, 0, NULL, "tall", 0.5F},
                                   {small, 0, 0, NULL, "small", 0.25F},
                                   {wide, 0, 0, NULL, "again", 0},
                                   {wide, 0, 0, NULL, "again", 0}};
    const cs_sheet sheet = {"things", NULL, NULL, items, 5};
    cs_image *picture = draw(&sheet);
    cs_rect mat = mat_of(&sheet, 0);
    assert_int_equal(mat.width, cs_sheet_side(5));
    assert_int_equal(mat.height, (mat.width * 3 + 2) / 4);
    assert_true(count_color(picture, mat, green) >= mat.width * (mat.height - 1)); /* all of it, to a rounded row */
    mat = mat_of(&sheet, 1);
    int width = (int)lround(mat.height / 3.0), left = mat.x + (mat.width - width) / 2;
    assert_true(is_color(picture, left - 2, mat.y + 5, CS_SHEET_MAT) && is_color(picture, left + 2, mat.y + 5, green));
    assert_true(is_color(picture, left + width - 2, mat.y + mat.height - 5, green));
    assert_true(is_color(picture, left + width + 2, mat.y + mat.height - 5, CS_SHEET_MAT));
    assert_int_equal(count_color(picture, mat_of(&sheet, 2), green), 100); /* not enlarged */
    cs_rect outside = {0, picture->height - CS_SHEET_MARGIN, picture->width, CS_SHEET_MARGIN};
    assert_int_equal(count_color(picture, outside, CS_SHEET_PAGE), outside.width * outside.height);
    cs_image_close(picture);
    cs_image_close(small);
    cs_image_close(tall);
    cs_image_close(wide);
}

/* Boxes are in the pixels of the photograph that the small copy was made of. */
static void boxes_lie_where_the_photograph_has_them(void **state) {
    (void)state;
    cs_image *copy = plain_image(400, 300);
    const cs_detection boxes[] = {{1, 0.9F, 1000, 750, 2000, 1500}};
    cs_detections *found = sample_detections(boxes, 1);
    const cs_sheet_item items[] = {{copy, 4000, 3000, found, "a", 0.1F}, {copy, 0, 0, NULL, "b", 0.1F}};
    const cs_sheet sheet = {"", "a note", &prompts, items, 2};
    cs_image *picture = draw(&sheet);
    cs_rect mat = mat_of(&sheet, 0);
    assert_int_equal(mat.width, 400);
    cs_rgb color = cs_palette(1);
    assert_true(is_color(picture, mat.x + 101, mat.y + 150, color));
    assert_true(is_color(picture, mat.x + 298, mat.y + 150, color));
    assert_true(is_color(picture, mat.x + 200, mat.y + 76, color));
    assert_true(is_color(picture, mat.x + 200, mat.y + 223, color));
    assert_true(is_color(picture, mat.x + 200, mat.y + 150, green) &&
                is_color(picture, mat.x + 96, mat.y + 150, green));
    assert_int_equal(count_color(picture, mat_of(&sheet, 1), green), 400 * 300);
    cs_rect heading = {0, 0, picture->width, mat.y - 10};
    assert_true(count_color(picture, heading, cs_palette(0)) >= 200); /* the legend */
    assert_true(count_color(picture, heading, color) >= 200);
    cs_image_close(picture);
    cs_detections_destroy(found);
    cs_image_close(copy);
}

static int written(const cs_image *picture, cs_rect line) {
    return line.width * line.height - count_color(picture, line, CS_SHEET_CARD);
}

static void what_is_missing_is_said(void **state) {
    (void)state;
    const cs_sheet_item items[] = {{NULL, 0, 0, NULL, "gone.jpg", NAN}, {NULL, 0, 0, NULL, "gone.jpg", 0.5F}};
    const cs_sheet sheet = {"gone", NULL, NULL, items, 2};
    cs_image *picture = draw(&sheet);
    cs_rect mat = mat_of(&sheet, 0);
    int letters = mat.width * mat.height - count_color(picture, mat, CS_SHEET_MAT);
    assert_true(letters > 100 && letters < 4000);
    /* A score adds to the line. */
    assert_true(written(picture, line_of(&sheet, 1)) > written(picture, line_of(&sheet, 0)) + 20);
    cs_image_close(picture);
}

static void names_lose_their_middle(void **state) {
    (void)state;
    cs_lettering lettering;
    assert_ok(cs_lettering_open_light(14, &lettering, &error));
    char *text = cs_lettering_fit_name(&lettering, "short.jpg", 500);
    assert_string_equal(text, "short.jpg");
    free(text);
    const char *name =
        "\u00dcbersicht e\u0301e\u0301 \U0001F468\u200D\U0001F469 and a very long rest of it, no end.jpg";
    for (int limit = 60; limit < 300; limit += 7) {
        text = cs_lettering_fit_name(&lettering, name, limit);
        const char *middle = strstr(text, "\u2026");
        assert_non_null(middle);
        assert_true(cs_lettering_width(&lettering, text) <= limit);
        assert_true(cs_lettering_width(&lettering, text) > limit / 2.0);
        assert_memory_equal(text, name, (size_t)(middle - text));
        const char *rest = middle + strlen("\u2026");
        assert_true(strlen(rest) > 0);
        assert_string_equal(rest, name + strlen(name) - strlen(rest));
        free(text);
    }
    text = cs_lettering_fit_name(&lettering, name, 0);
    assert_string_equal(text, "\u2026");
    free(text);
    cs_lettering_close(&lettering);
}

/* Any number of photographs has a page: none, one, and the most. */
static void any_number_has_a_page(void **state) {
    (void)state;
    static cs_sheet_item items[CS_SHEET_MOST + 1];
    cs_image *dot = plain_image(1, 1), *picture = NULL;
    for (size_t i = 0; i <= CS_SHEET_MOST; i++)
        items[i] = (cs_sheet_item){dot, 0, 0, NULL, HOSTILE, (float)i};
    for (size_t i = 0; i < 20; i++) {
        const cs_sheet sheet = {HOSTILE, HOSTILE, &prompts, items, i};
        picture = draw(&sheet);
        assert_true(picture->width >= CS_SHEET_LEAST_WIDTH && picture->width < 2000);
        cs_image_close(picture);
        assert_in_range(cs_sheet_side(i), 220, 900);
    }
    cs_sheet sheet = {"many", NULL, NULL, items, CS_SHEET_MOST};
    picture = draw(&sheet);
    assert_int_equal(count_color(picture, (cs_rect){0, 0, picture->width, picture->height}, green), CS_SHEET_MOST);
    cs_image_close(picture);
    sheet.count++;
    picture = NULL;
    assert_fails(cs_draw_sheet(&sheet, &picture, &error), CS_ERR_LIMIT, "at most 1000 photographs");
    assert_null(picture);
    cs_image_close(dot);
}

/* A heading that is too wide is made smaller, then cut; more labels than a row holds take several. */
static void headings_stay_on_the_page(void **state) {
    (void)state;
    enum { MANY = 60, LONG = 5000 };
    char *many[MANY], *longest = malloc(LONG + 1);
    memset(longest, 'w', LONG);
    longest[LONG] = '\0';
    for (int i = 0; i < MANY; i++)
        many[i] = i == 7 ? longest : (char *)(uintptr_t) "some label";
    cs_prompts all = {MANY, 0, many, NULL};
    const cs_sheet sheet = {longest, longest, &all, NULL, 0};
    cs_image *picture = draw(&sheet);
    cs_rect margin = {picture->width - CS_SHEET_MARGIN + 1, 0, CS_SHEET_MARGIN - 1, picture->height};
    assert_int_equal(count_color(picture, margin, CS_SHEET_PAGE), margin.width * margin.height);
    for (size_t i = 0; i < MANY; i++)
        assert_true(count_color(picture, (cs_rect){0, 0, picture->width, picture->height}, cs_palette(i)) >= 256);
    cs_image_close(picture);
    free(longest);
}

static void misuse_is_refused(void **state) {
    (void)state;
    cs_detections *wrong = sample_detections(&(cs_detection){2, 0.5F, 0, 0, 4, 4}, 1);
    const cs_sheet_item nameless = {NULL, 0, 0, NULL, NULL, 0}, bad = {NULL, 0, 0, wrong, "bad", 0};
    const cs_sheet no_title = {NULL, NULL, NULL, NULL, 0}, no_items = {"", NULL, NULL, NULL, 1},
                   no_name = {"", NULL, NULL, &nameless, 1}, no_prompts = {"", NULL, NULL, &bad, 1},
                   other_prompts = {"", NULL, &prompts, &bad, 1};
    cs_image *picture = NULL;
    assert_fails(cs_draw_sheet(NULL, &picture, &error), CS_ERR_ARGUMENT, "a sheet needs");
    assert_fails(cs_draw_sheet(&no_title, &picture, &error), CS_ERR_ARGUMENT, "a sheet needs a title");
    assert_fails(cs_draw_sheet(&no_items, &picture, &error), CS_ERR_ARGUMENT, "a sheet needs");
    assert_fails(cs_draw_sheet(&no_name, &picture, &error), CS_ERR_ARGUMENT, "a caption");
    assert_fails(cs_draw_sheet(&no_prompts, &picture, &error), CS_ERR_ARGUMENT, "prompt 2; there are 0");
    assert_fails(cs_draw_sheet(&other_prompts, &picture, &error), CS_ERR_ARGUMENT, "prompt 2; there are 2");
    assert_null(picture);
    cs_detections_destroy(wrong);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_photograph_lies_in_the_middle_of_its_mat),
        cmocka_unit_test(boxes_lie_where_the_photograph_has_them),
        cmocka_unit_test(what_is_missing_is_said),
        cmocka_unit_test(names_lose_their_middle),
        cmocka_unit_test(any_number_has_a_page),
        cmocka_unit_test(headings_stay_on_the_page),
        cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

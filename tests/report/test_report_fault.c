/* Every allocation of every report and drawing fails in turn, jansson's among them. */
#include "support/support.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "fonts.h"
#include "image/image.h"
#include "sample.h"

static char *labels[] = {(char *)(uintptr_t)HOSTILE,
                         (char *)(uintptr_t) "a label far too long for a table or for the narrow box that it is for"};
static cs_prompts prompts = {2, 0, labels, NULL};
static const cs_photo photo = {"a, b.jpg", 320, 240};
static const float numbers[2] = {0.1F, 0.9F};
static cs_detections *detections;
static cs_maps *maps;
static cs_image *image;

/* One way to call the library; makes either a text or a picture. */
typedef cs_status (*call)(int variant, char **text, cs_image **picture, cs_error *error);

static cs_status call_detections(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)picture;
    return cs_report_detections((cs_format)variant, &photo, &prompts, detections, text, error);
}

static cs_status call_classes(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)picture;
    return cs_report_classes((cs_format)variant, &photo, &prompts, numbers, numbers, text, error);
}

static cs_status call_maps(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)picture;
    return cs_report_maps((cs_format)variant, &photo, &prompts, maps, text, error);
}

static cs_status call_coco(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)variant, (void)picture;
    return cs_report_coco(&photo, &(const cs_detections *){detections}, 1, &prompts, text, error);
}

static cs_status call_draw(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)variant, (void)text;
    return cs_draw_detections(image, &prompts, detections, picture, error);
}

/* With a photograph to be made smaller, and one that is missing. */
static cs_status call_sheet(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)variant, (void)text;
    const cs_sheet_item items[] = {{image, 0, 0, detections, HOSTILE, 0.5F}, {NULL, 0, 0, NULL, "gone", 0.25F}};
    const cs_sheet sheet = {HOSTILE, "a note", &prompts, items, 2};
    return cs_draw_sheet(&sheet, picture, error);
}

static cs_status call_heatmap(int variant, char **text, cs_image **picture, cs_error *error) {
    (void)text;
    return cs_draw_heatmap(image, maps, 0, (cs_heatmap_style)variant, picture, error);
}

/* Runs with the n-th allocation failing (and, if `all`, those after it); true once nothing failed any more. */
static int fail_once(call function, int variant, long n, int only_one) {
    char *text = NULL;
    cs_image *picture = NULL;
    cs_error error = {CS_OK, ""};
    fail_allocation(n, only_one);
    cs_status status = function(variant, &text, &picture, &error);
    long made = allocations_made();
    fail_allocation(-1, 0);
    if (status != CS_OK) {
        assert_int_equal(status, CS_ERR_MEMORY);
        assert_non_null(strstr(error.message, "out of memory"));
        assert_null(text);
        assert_null(picture);
    }
    /* A call that met a failure may not succeed: nothing here can do without any of its allocations. */
    assert_int_equal(status == CS_OK, made <= n);
    free(text);
    cs_image_close(picture);
    return status == CS_OK;
}

static void fail_each(call function, int variant) {
    long n = 0;
    while (!fail_once(function, variant, n, 1))
        n++;
    assert_true(n > 0);
    for (long i = 0; i < n; i++)
        assert_false(fail_once(function, variant, i, 0));
}

static void reports(void **state) {
    (void)state;
    static const cs_format formats[] = {CS_FORMAT_TABLE, CS_FORMAT_JSON, CS_FORMAT_CSV, CS_FORMAT_YOLO, CS_FORMAT_VOC};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        fail_each(call_detections, (int)formats[i]);
    for (int format = CS_FORMAT_TABLE; format <= CS_FORMAT_CSV; format++)
        fail_each(call_classes, format);
    fail_each(call_maps, CS_FORMAT_TABLE);
    fail_each(call_maps, CS_FORMAT_JSON);
    fail_each(call_maps, CS_FORMAT_TSV);
    fail_each(call_coco, 0);
}

static void drawings(void **state) {
    (void)state;
    fail_each(call_draw, 0);
    fail_each(call_sheet, 0);
    fail_each(call_heatmap, CS_HEATMAP_BRIGHTNESS);
    fail_each(call_heatmap, CS_HEATMAP_OVERLAY);
}

static int prepare(void **state) {
    (void)state;
    json_set_alloc_funcs(malloc, free);
    const cs_detection items[] = {{0, 0.5F, 10, 100, 60, 60}, {1, 0.25F, 100, 100, 80, 80}};
    const float cells[] = {0, 1, 0.5F, 0.25F};
    detections = sample_detections(items, 2);
    maps = sample_maps(2, 100, 1, 2, cells);
    return cs_image_create(320, 240, &image, NULL) != CS_OK || !memset(image->pixels, 50, 320 * 240 * 3);
}

static int clean_up(void **state) {
    (void)state;
    cs_detections_destroy(detections);
    cs_maps_destroy(maps);
    cs_image_close(image);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(reports), cmocka_unit_test(drawings)};
    return cmocka_run_group_tests(tests, prepare, clean_up);
}

/* Tables, CSV, YOLO, VOC and TSV: exact text, with ordinary and with hostile labels. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "sample.h"

static cs_error error;

/* The report of these boxes over a 640 x 480 photograph must be `expected`. */
static void check(cs_format format, const char *path, char **labels, size_t label_count, const cs_detection *items,
                  size_t count, const char *expected) {
    cs_prompts prompts = {label_count, 0, labels, NULL};
    cs_photo photo = {path, 640, 480};
    cs_detections *detections = sample_detections(items, count);
    char *text = NULL;
    assert_ok(cs_report_detections(format, &photo, &prompts, detections, &text, &error));
    assert_string_equal(text, expected);
    free(text);
    cs_detections_destroy(detections);
}

static char *plain[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t) "\u65e5\u672c\u8a9e"};
static char *hostile[] = {(char *)(uintptr_t)HOSTILE};
static const cs_detection two[] = {{0, 0.87F, 12, 0.125F, 100.5F, 33.333F}, {1, 1.0F / 3, 320, 240, 320, 240}};

static void table(void **state) {
    (void)state;
    check(CS_FORMAT_TABLE, "b/cat.jpg", plain, 2, two, 2,
          "b/cat.jpg  640 x 480\n"
          "  label    score      x      y  width height\n"
          "  a cat    0.870     12      0    100     33\n"
          "  \u65e5\u672c\u8a9e   0.333    320    240    320    240\n");
    check(CS_FORMAT_TABLE, "b/cat.jpg", plain, 2, NULL, 0, "b/cat.jpg  640 x 480\n  nothing found\n");
    assert_string_equal(cs_report_heading(CS_FORMAT_TABLE), "");
}

static void table_keeps_hostile_text_on_its_line(void **state) {
    (void)state;
    check(CS_FORMAT_TABLE, "x\n\x1b[2J", hostile, 1, two, 1,
          "x\\n\\x1b[2J  640 x 480\n"
          "  label                                              score      x      y  width height\n"
          "  \"a\",b\\r\\n<c>&'d'\\t../e \uFFFD\uFFFD\uFFFD \u05e9\u05dc\\u{202e} \U0001F468\u200D\U0001F469 "
          "\\x1b[3\u2026"
          "   0.870     12      0    100     33\n");
}

static void csv(void **state) {
    (void)state;
    check(CS_FORMAT_CSV, "b/cat.jpg", plain, 2, two, 2,
          "b/cat.jpg,a cat,0.87,12,0.13,100.5,33.33\n"
          "b/cat.jpg,\u65e5\u672c\u8a9e,0.33333334,320,240,320,240\n");
    check(CS_FORMAT_CSV, "a, b.jpg", hostile, 1, two, 1,
          "\"a, b.jpg\",\"\"\"a\"\",b\r\n<c>&'d'\t../e \uFFFD\uFFFD\uFFFD \u05e9\u05dc\u202e \U0001F468\u200D"
          "\U0001F469 \x1b[31m\x7f\",0.87,12,0.13,100.5,33.33\n");
    check(CS_FORMAT_CSV, "x", plain, 2, NULL, 0, "");
    assert_string_equal(cs_report_heading(CS_FORMAT_CSV), "image,label,score,x,y,width,height\n");
}

static void yolo(void **state) {
    (void)state;
    check(CS_FORMAT_YOLO, "x", plain, 2, two, 2,
          "0 0.097266 0.034982 0.157031 0.069444 0.870000\n"
          "1 0.750000 0.750000 0.500000 0.500000 0.333333\n");
    /* What reaches over the edge is cut. */
    check(CS_FORMAT_YOLO, "x", plain, 2, &(cs_detection){0, 1, -64, 240, 128, 1000}, 1,
          "0 0.050000 0.750000 0.100000 0.500000 1.000000\n");
    check(CS_FORMAT_YOLO, "x", plain, 2, NULL, 0, "");
}

#define VOC_HEAD(file, path)                                                                                           \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<annotation>\n\t<filename>" file "</filename>\n\t<path>" path         \
    "</path>\n\t<size>\n\t\t<width>640</width>\n\t\t<height>480</height>\n\t\t<depth>3</depth>\n\t</size>\n"           \
    "\t<segmented>0</segmented>\n"
#define VOC_OBJECT(name, score, xmin, ymin, xmax, ymax)                                                                \
    "\t<object>\n\t\t<name>" name "</name>\n\t\t<pose>Unspecified</pose>\n\t\t<truncated>0</truncated>\n"              \
    "\t\t<difficult>0</difficult>\n\t\t<score>" score "</score>\n\t\t<bndbox>\n\t\t\t<xmin>" xmin "</xmin>\n\t\t\t"    \
    "<ymin>" ymin "</ymin>\n\t\t\t<xmax>" xmax "</xmax>\n\t\t\t<ymax>" ymax "</ymax>\n\t\t</bndbox>\n\t</object>\n"

static void voc(void **state) {
    (void)state;
    check(CS_FORMAT_VOC, "b/cat.jpg", plain, 2, two, 2,
          VOC_HEAD("cat.jpg", "b/cat.jpg") VOC_OBJECT("a cat", "0.87", "13", "1", "113", "33")
              VOC_OBJECT("\u65e5\u672c\u8a9e", "0.33333334", "321", "241", "640", "480") "</annotation>\n");
    check(CS_FORMAT_VOC, "cat.jpg", plain, 2, NULL, 0, VOC_HEAD("cat.jpg", "cat.jpg") "</annotation>\n");
    /* Corners stay inside the photograph, and the last is never before the first. */
    const cs_detection odd[] = {{0, 1, -5, -5, 9999, 9999}, {0, 1, 640, 480, 0, 0}, {0, 1, 10, 10, 0.1F, 0.1F}};
    check(CS_FORMAT_VOC, "cat.jpg", plain, 1, odd, 3,
          VOC_HEAD("cat.jpg", "cat.jpg") VOC_OBJECT("a cat", "1", "1", "1", "640", "480")
              VOC_OBJECT("a cat", "1", "640", "480", "640", "480")
                  VOC_OBJECT("a cat", "1", "11", "11", "11", "11") "</annotation>\n");
}

static void voc_escapes_hostile_text(void **state) {
    (void)state;
#define ESCAPED                                                                                                        \
    "\"a\",b&#13;&#10;&lt;c&gt;&amp;'d'&#9;../e \uFFFD\uFFFD\uFFFD \u05e9\u05dc\u202e \U0001F468\u200D\U0001F469 "     \
    "\uFFFD[31m\x7f"
    check(CS_FORMAT_VOC, "</path>&\xEF\xBF\xBF", hostile, 1, two, 1,
          VOC_HEAD("path&gt;&amp;\uFFFD", "&lt;/path&gt;&amp;\uFFFD")
              VOC_OBJECT(ESCAPED, "0.87", "13", "1", "113", "33") "</annotation>\n");
}

static void classes(void **state) {
    (void)state;
    cs_prompts prompts = {2, 0, plain, NULL};
    cs_photo photo = {"cat.jpg", 640, 480};
    const float logits[] = {24.5F, -0.1F}, probabilities[] = {0.98764F, 0.1F};
    char *text = NULL;
    assert_ok(cs_report_classes(CS_FORMAT_TABLE, &photo, &prompts, logits, probabilities, &text, &error));
    assert_string_equal(text, "cat.jpg  640 x 480\n"
                              "  label  probability    logit\n"
                              "  a cat       0.9876    24.50\n"
                              "  \u65e5\u672c\u8a9e      0.1000    -0.10\n");
    free(text);
    assert_ok(cs_report_classes(CS_FORMAT_CSV, &photo, &prompts, logits, probabilities, &text, &error));
    assert_string_equal(text, "cat.jpg,a cat,24.5,0.98764\ncat.jpg,\u65e5\u672c\u8a9e,-0.1,0.1\n");
    free(text);
}

static void maps(void **state) {
    (void)state;
    static char *labels[] = {(char *)(uintptr_t) "a\ncat", (char *)(uintptr_t) "dog"};
    const float cells[] = {0, 0.1F, 0.25F, 1, 0.95F, 0.0999F, 0, 0, 0, 0, 0, 0};
    cs_maps *made = sample_maps(2, 64, 2, 3, cells);
    cs_prompts prompts = {2, 0, labels, NULL};
    cs_photo photo = {"cat.jpg", 200, 130};
    char *text = NULL;
    assert_ok(cs_report_maps(CS_FORMAT_TABLE, &photo, &prompts, made, &text, &error));
    assert_string_equal(text, "cat.jpg  200 x 130\n"
                              "  a\\ncat: 3 x 2 cells of 64 pixels, highest (#) at x 0 y 64\n"
                              "    . 1 2\n"
                              "    # 9 .\n"
                              "  dog: 3 x 2 cells of 64 pixels, no cell stands out\n");
    free(text);
    assert_ok(cs_report_maps(CS_FORMAT_TSV, &photo, &prompts, made, &text, &error));
    assert_string_equal(text, "# a\\ncat\n0\t0.100000001\t0.25\n1\t0.949999988\t0.0998999998\n"
                              "# dog\n0\t0\t0\n0\t0\t0\n");
    free(text);
    cs_maps_destroy(made);
    made = sample_maps(1, 64, 1, 2, cells);
    prompts.count = 1;
    assert_ok(cs_report_maps(CS_FORMAT_TSV, &photo, &prompts, made, &text, &error));
    assert_string_equal(text, "0\t0.100000001\n");
    free(text);
    cs_maps_destroy(made);
}

/* A fine map is shown coarser: the highest of 3 x 3 cells in one character. */
static void a_wide_map_fits_a_terminal(void **state) {
    (void)state;
    enum { COLS = 80, ROWS = 4 };
    float cells[COLS * ROWS] = {0};
    cells[2 * COLS + 4] = 0.55F;
    cells[3 * COLS + 79] = 0.9F;
    const cs_photo photo = {"a.jpg", 800, 40};
    cs_maps *made = sample_maps(1, 10, ROWS, COLS, cells);
    cs_prompts one = {1, 0, plain, NULL};
    char *text = NULL;
    assert_ok(cs_report_maps(CS_FORMAT_TABLE, &photo, &one, made, &text, &error));
    assert_non_null(strstr(text, ": 80 x 4 cells of 10 pixels, 3 x 3 in one character, highest (#) at x 790 y 30\n"
                                 "    . 5 . . . . . . . . . . . . . . . . . . . . . . . . .\n"
                                 "    . . . . . . . . . . . . . . . . . . . . . . . . . . #\n"));
    free(text);
    cs_maps_destroy(made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(table_keeps_hostile_text_on_its_line),
        cmocka_unit_test(csv),
        cmocka_unit_test(yolo),
        cmocka_unit_test(voc),
        cmocka_unit_test(voc_escapes_hostile_text),
        cmocka_unit_test(classes),
        cmocka_unit_test(maps),
        cmocka_unit_test(a_wide_map_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* JSON lines and the COCO document: exact text, and read back. */
#include "support/support.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

static cs_error error;

/* Parses `text`, which must be one line ended by one newline, and releases it. */
static json_t *parse(char *text) {
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
    json_error_t where;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
    if (!root) fail_msg("%s in %s", where.text, text);
    free(text);
    return root;
}

static void detections_exactly(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t) "a \"dog\""};
    cs_prompts prompts = {2, 0, labels, NULL};
    const cs_detection items[] = {{0, 0.87F, 12, 0.125F, 100.5F, 33.333F}, {1, 1.0F / 3, 0, 0, 640, 480}};
    cs_detections *detections = sample_detections(items, 2);
    cs_photo photo = {"b/cat.jpg", 640, 480};
    char *text = NULL;
    assert_ok(cs_report_detections(CS_FORMAT_JSON, &photo, &prompts, detections, &text, &error));
    assert_string_equal(text, "{\"image\":\"b/cat.jpg\",\"width\":640,\"height\":480,\"detections\":["
                              "{\"label\":\"a cat\",\"score\":0.87,\"box\":[12.0,0.13,100.5,33.33]},"
                              "{\"label\":\"a \\\"dog\\\"\",\"score\":0.33333334,\"box\":[0.0,0.0,640.0,480.0]}]}\n");
    free(text);
    cs_detections_destroy(detections);
}

static void nothing_found_is_an_empty_list(void **state) {
    (void)state;
    cs_prompts prompts = {0, 0, NULL, NULL};
    cs_detections *detections = sample_detections(NULL, 0);
    cs_photo photo = {"-", 1, 2};
    char *text = NULL;
    assert_ok(cs_report_detections(CS_FORMAT_JSON, &photo, &prompts, detections, &text, &error));
    assert_string_equal(text, "{\"image\":\"-\",\"width\":1,\"height\":2,\"detections\":[]}\n");
    free(text);
    cs_detections_destroy(detections);
}

static void hostile_text_reads_back(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t)HOSTILE};
    cs_prompts prompts = {1, 0, labels, NULL};
    cs_detections *detections = sample_detections(&(cs_detection){0, 0.5F, 1, 2, 3, 4}, 1);
    cs_photo photo = {HOSTILE, 10, 10};
    char *text = NULL;
    assert_ok(cs_report_detections(CS_FORMAT_JSON, &photo, &prompts, detections, &text, &error));
    json_t *root = parse(text);
    assert_string_equal(json_string_value(json_object_get(root, "image")), HOSTILE_CLEAN);
    json_t *first = json_array_get(json_object_get(root, "detections"), 0);
    assert_string_equal(json_string_value(json_object_get(first, "label")), HOSTILE_CLEAN);
    json_decref(root);
    cs_detections_destroy(detections);
}

static void what_is_no_number_is_null(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "x"};
    cs_prompts prompts = {1, 0, labels, NULL};
    cs_detections *detections = sample_detections(&(cs_detection){0, NAN, INFINITY, 2, -INFINITY, 4}, 1);
    cs_photo photo = {"p", 10, 10};
    char *text = NULL;
    assert_ok(cs_report_detections(CS_FORMAT_JSON, &photo, &prompts, detections, &text, &error));
    assert_non_null(strstr(text, "\"score\":null,\"box\":[null,2.0,null,4.0]"));
    json_decref(parse(text));
    cs_detections_destroy(detections);
}

static void classes_exactly(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "a cat", (char *)(uintptr_t) "a dog"};
    cs_prompts prompts = {2, 0, labels, NULL};
    const float logits[] = {24.5F, -0.1F}, probabilities[] = {0.9F, 0.1F};
    cs_photo photo = {"cat.jpg", 640, 480};
    char *text = NULL;
    assert_ok(cs_report_classes(CS_FORMAT_JSON, &photo, &prompts, logits, probabilities, &text, &error));
    assert_string_equal(text, "{\"image\":\"cat.jpg\",\"labels\":["
                              "{\"label\":\"a cat\",\"logit\":24.5,\"probability\":0.9},"
                              "{\"label\":\"a dog\",\"logit\":-0.1,\"probability\":0.1}]}\n");
    free(text);
}

static void maps_exactly(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "a cat"};
    cs_prompts prompts = {1, 0, labels, NULL};
    const float cells[] = {0, 1, 1.0F / 3, 0.1F};
    cs_maps *maps = sample_maps(1, 256, 2, 2, cells);
    cs_photo photo = {"cat.jpg", 640, 480};
    char *text = NULL;
    assert_ok(cs_report_maps(CS_FORMAT_JSON, &photo, &prompts, maps, &text, &error));
    assert_string_equal(text, "{\"image\":\"cat.jpg\",\"width\":640,\"height\":480,\"maps\":[{\"label\":\"a cat\","
                              "\"method\":\"window\",\"cell\":[256.0,256.0],\"patch\":256,\"window\":2,\"stride\":1,"
                              "\"logits\":[[20.1000004,-0.333333343]],"
                              "\"map\":[[0.0,1.0],[0.333333343,0.100000001]]}]}\n");
    json_t *root = parse(text);
    json_t *rows = json_object_get(json_array_get(json_object_get(root, "maps"), 0), "map");
    for (size_t i = 0; i < 4; i++)
        assert_true((float)json_real_value(json_array_get(json_array_get(rows, i / 2), i % 2)) == cells[i]);
    json_decref(root);
    cs_maps_destroy(maps);
}

static void coco_exactly(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "cat", (char *)(uintptr_t) "dog"};
    cs_prompts prompts = {2, 0, labels, NULL};
    const cs_photo photos[] = {{"a.jpg", 10, 20}, {"b.jpg", 30, 40}};
    cs_detections *first = sample_detections(&(cs_detection){1, 0.5F, 1, 2, 3, 4}, 1);
    cs_detections *second = sample_detections(&(cs_detection){0, 0.25F, 0, 0, 1.5F, 2}, 1);
    const cs_detections *both[] = {first, second};
    char *text = NULL;
    assert_ok(cs_report_coco(photos, both, 2, &prompts, &text, &error));
    assert_string_equal(text, "{\"images\":[{\"id\":1,\"file_name\":\"a.jpg\",\"width\":10,\"height\":20},"
                              "{\"id\":2,\"file_name\":\"b.jpg\",\"width\":30,\"height\":40}],\"annotations\":["
                              "{\"id\":1,\"image_id\":1,\"category_id\":2,\"bbox\":[1.0,2.0,3.0,4.0],\"area\":12.0,"
                              "\"iscrowd\":0,\"score\":0.5},"
                              "{\"id\":2,\"image_id\":2,\"category_id\":1,\"bbox\":[0.0,0.0,1.5,2.0],\"area\":3.0,"
                              "\"iscrowd\":0,\"score\":0.25}],"
                              "\"categories\":[{\"id\":1,\"name\":\"cat\"},{\"id\":2,\"name\":\"dog\"}]}\n");
    free(text);
    assert_ok(cs_report_coco(NULL, NULL, 0, &prompts, &text, &error));
    json_decref(parse(text));
    cs_detections_destroy(first);
    cs_detections_destroy(second);
}

static void misuse_is_refused(void **state) {
    (void)state;
    char *labels[] = {(char *)(uintptr_t) "cat"};
    cs_prompts prompts = {1, 0, labels, NULL};
    cs_photo photo = {"a.jpg", 10, 20}, empty = {"b.jpg", 0, 20};
    cs_detections *wrong = sample_detections(&(cs_detection){1, 0.5F, 1, 2, 3, 4}, 1);
    cs_detections *none = sample_detections(NULL, 0);
    const float cells[2] = {0};
    cs_maps *maps = sample_maps(2, 1, 1, 1, cells);
    char *text = NULL;
    assert_fails(cs_report_detections(CS_FORMAT_JSON, &photo, &prompts, wrong, &text, &error), CS_ERR_ARGUMENT,
                 "a.jpg: detection 0 is of prompt 1");
    assert_fails(cs_report_coco(&photo, &(const cs_detections *){wrong}, 1, &prompts, &text, &error), CS_ERR_ARGUMENT,
                 "prompt 1");
    assert_fails(cs_report_detections(CS_FORMAT_COCO, &photo, &prompts, none, &text, &error), CS_ERR_ARGUMENT,
                 "format coco");
    assert_fails(cs_report_detections(CS_FORMAT_TSV, &photo, &prompts, none, &text, &error), CS_ERR_ARGUMENT,
                 "format tsv");
    assert_fails(cs_report_classes(CS_FORMAT_VOC, &photo, &prompts, cells, cells, &text, &error), CS_ERR_ARGUMENT,
                 "format voc");
    assert_fails(cs_report_detections((cs_format)99, &photo, &prompts, none, &text, &error), CS_ERR_ARGUMENT,
                 "unknown");
    assert_fails(cs_report_detections(CS_FORMAT_JSON, &empty, &prompts, none, &text, &error), CS_ERR_ARGUMENT,
                 "b.jpg: size 0 x 20");
    assert_fails(cs_report_maps(CS_FORMAT_JSON, &photo, &prompts, maps, &text, &error), CS_ERR_ARGUMENT,
                 "2 relevance maps for 1 prompts");
    assert_null(text);
    cs_maps_destroy(maps);
    cs_detections_destroy(wrong);
    cs_detections_destroy(none);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(detections_exactly),
        cmocka_unit_test(nothing_found_is_an_empty_list),
        cmocka_unit_test(hostile_text_reads_back),
        cmocka_unit_test(what_is_no_number_is_null),
        cmocka_unit_test(classes_exactly),
        cmocka_unit_test(maps_exactly),
        cmocka_unit_test(coco_exactly),
        cmocka_unit_test(misuse_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

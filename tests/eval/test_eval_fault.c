/* Evaluation with failing allocations (expat's too) and damaged annotations: an error each time, no crash, no leak. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "eval/voc_xml.h"
#include "locate/detections.h"

static cs_error error;

/* Opens the committed folder and evaluates one box per photograph. */
static cs_status open_and_evaluate(void) {
    cs_dataset *dataset;
    cs_figures figures;
    cs_detection box = {0, .5f, 7, 19, 30, 40};
    cs_evaluate_options options = {CS_METRIC_COCO, 0};
    cs_detections *made = NULL;
    cs_status status = cs_dataset_open(test_data("eval/voc"), &dataset, &error);
    if (status != CS_OK) return status;
    assert_int_equal(cs_dataset_count(dataset), 2);
    status = cs_detections_from(&box, 1, &made, &error);
    const cs_detections *detections[] = {made, made};
    if (status == CS_OK) status = cs_evaluate(dataset, detections, &options, NULL, &figures, &error);
    cs_detections_destroy(made);
    cs_dataset_close(dataset);
    return status;
}

static void test_failing_allocations(void **state) {
    (void)state;
    fail_every_allocation(open_and_evaluate, 40, &error);
}

__attribute__((noinline)) static char *read_annotation(size_t *size) {
    char *xml;
    assert_ok(cs_file_read(test_data("eval/voc/annotations/a.xml"), 1 << 20, &xml, size, &error));
    return xml;
}

/* From a block of exactly its size, so that AddressSanitizer sees any step outside. */
static cs_status parse_copy(const char *xml, size_t size) {
    cs_voc_annotation annotation = {NULL, NULL, 0, 0};
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, xml, size);
    error.message[0] = '\0';
    cs_status status = cs_voc_parse(copy, size, "a.xml", &annotation, &error);
    if (status != CS_OK) assert_non_null(strstr(error.message, "a.xml:"));
    for (size_t i = 0; i < annotation.count; i++)
        assert_true(annotation.objects[i].width > 0 && annotation.objects[i].name[0]);
    cs_voc_annotation_free(&annotation);
    free(copy);
    return status;
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    size_t size;
    char *xml = read_annotation(&size);
    size_t whole = (size_t)(strstr(xml, "</annotation>") - xml) + strlen("</annotation>");
    for (size_t length = 0; length <= size; length++)
        assert_int_equal(parse_copy(xml, length), length < whole ? CS_ERR_FORMAT : CS_OK);
    free(xml);
}

static void test_random_damage(void **state) {
    (void)state;
    size_t size;
    uint32_t seed = 2463534242u;
    int refused = 0;
    char *xml = read_annotation(&size), *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 20000; round++) {
        memcpy(damaged, xml, size);
        for (int flips = 0; flips < 3; flips++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            damaged[seed % size] = (char)(seed >> 24);
        }
        refused += parse_copy(damaged, size) != CS_OK;
    }
    assert_true(refused > 10000);
    free(damaged);
    free(xml);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations),
                                       cmocka_unit_test(test_truncated_anywhere), cmocka_unit_test(test_random_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

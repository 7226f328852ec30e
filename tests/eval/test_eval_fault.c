/* Evaluation with failing allocations (expat's too) and damaged annotations: an error each time, no crash, no leak. */
#include "support/damage.h"

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

static cs_status parse(const void *xml, size_t size) {
    cs_voc_annotation annotation = {NULL, NULL, 0, 0};
    error.message[0] = '\0';
    cs_status status = cs_voc_parse(xml, size, "a.xml", &annotation, &error);
    if (status != CS_OK) assert_non_null(strstr(error.message, "a.xml:"));
    for (size_t i = 0; i < annotation.count; i++)
        assert_true(annotation.objects[i].width > 0 && annotation.objects[i].name[0]);
    cs_voc_annotation_free(&annotation);
    return status;
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    size_t size;
    char *xml = read_test_data("eval/voc/annotations/a.xml", &size);
    size_t whole = (size_t)(strstr(xml, "</annotation>") - xml) + strlen("</annotation>");
    for (size_t length = 0; length <= size; length++)
        assert_int_equal(parse_exactly(parse, xml, length), length < whole ? CS_ERR_FORMAT : CS_OK);
    free(xml);
}

static void test_random_damage(void **state) {
    (void)state;
    size_t size;
    char *xml = read_test_data("eval/voc/annotations/a.xml", &size);
    assert_true(parse_damaged(parse, xml, size) > 10000);
    free(xml);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations),
                                       cmocka_unit_test(test_truncated_anywhere), cmocka_unit_test(test_random_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

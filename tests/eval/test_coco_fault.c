/* COCO documents with failing allocations and damage: an error each time, no crash, no leak. */
#include "support/damage.h"

#include "eval/coco_json.h"

static cs_error error;

static cs_status open_folder(void) {
    cs_dataset *dataset;
    cs_status status = cs_dataset_open(test_data("eval/coco"), &dataset, &error);
    if (status != CS_OK) return status;
    assert_int_equal(cs_dataset_count(dataset), 2);
    assert_string_equal(cs_dataset_class(dataset, 1), "caf\xc3\xa9");
    cs_dataset_close(dataset);
    return status;
}

static void test_failing_allocations(void **state) {
    (void)state;
    fail_every_allocation(open_folder, 30, &error);
}

static cs_status parse(const void *json, size_t size) {
    cs_coco coco;
    error.message[0] = '\0';
    cs_status status = cs_coco_parse(json, size, "a.json", &coco, &error);
    if (status != CS_OK) assert_non_null(strstr(error.message, "a.json:"));
    for (size_t i = 0; i < coco.object_count; i++)
        assert_true(coco.objects[i].width >= 0 && coco.objects[i].height >= 0);
    cs_coco_free(&coco);
    return status;
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    size_t size;
    char *json = read_test_data("eval/coco/instances.json", &size);
    for (size_t length = 0; length <= size; length++) /* a newline ends it */
        assert_int_equal(parse_exactly(parse, json, length), length < size - 1 ? CS_ERR_FORMAT : CS_OK);
    free(json);
}

static void test_random_damage(void **state) {
    (void)state;
    size_t size;
    char *json = read_test_data("eval/coco/instances.json", &size);
    assert_true(parse_damaged(parse, json, size) > 5000);
    free(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations),
                                       cmocka_unit_test(test_truncated_anywhere), cmocka_unit_test(test_random_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

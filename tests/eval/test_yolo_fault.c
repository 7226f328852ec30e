/* YOLO folders with failing allocations and damage: an error each time, no crash, no leak. */
#include "support/damage.h"

#include "eval/yolo_yaml.h"

static cs_error error;

static cs_status open_folder(void) {
    cs_dataset *dataset;
    size_t count;
    cs_status status = cs_dataset_open(test_data("eval/yolo"), &dataset, &error);
    if (status != CS_OK) return status;
    assert_int_equal(cs_dataset_count(dataset), 2);
    assert_string_equal(cs_dataset_class(dataset, 1), "a dog");
    cs_dataset_truth(dataset, 0, &count);
    assert_int_equal(count, 2);
    cs_dataset_close(dataset);
    return status;
}

/* The same with the names in a text file. */
static cs_status read_names(void) {
    cs_class_list classes = CS_CLASS_LIST_EMPTY;
    cs_status status = cs_yolo_parse_names("cat\ndog\n", 8, "classes.txt", &classes, &error);
    cs_class_list_free(&classes);
    return status;
}

static cs_status open_and_read(void) {
    cs_status status = open_folder();
    return status == CS_OK ? read_names() : status;
}

static void test_failing_allocations(void **state) {
    (void)state;
    fail_every_allocation(open_and_read, 30, &error);
}

static cs_status parse_yaml(const void *text, size_t size) {
    cs_yolo_config config;
    error.message[0] = '\0';
    cs_status status = cs_yolo_parse_yaml(text, size, "a.yaml", &config, &error);
    if (status == CS_OK) assert_true(config.classes.count > 0);
    if (status != CS_OK) assert_memory_equal(error.message, "a.yaml", 6);
    cs_yolo_config_free(&config);
    return status;
}

static cs_status parse_label(const void *text, size_t size) {
    cs_class known[] = {{0, "cat"}, {5, "dog"}};
    const cs_class_list classes = {known, 2, 2};
    cs_truth *truth = NULL;
    size_t count = 0;
    error.message[0] = '\0';
    cs_status status = cs_yolo_parse(text, size, "a.txt", CS_YOLO_BOXES, &classes, &truth, &count, &error);
    if (status != CS_OK) assert_memory_equal(error.message, "a.txt", 5);
    for (size_t i = 0; i < count; i++)
        assert_true(truth[i].class_index < 2 && truth[i].width >= 0 && truth[i].height >= 0);
    free(truth);
    return status;
}

static void damage(const char *name, parse_fn *parse) {
    size_t size;
    char *text = read_test_data(name, &size);
    assert_int_equal(parse_exactly(parse, text, size), CS_OK);
    for (size_t length = 0; length < size; length++)
        parse_exactly(parse, text, length);
    assert_true(parse_damaged(parse, text, size) > 10000);
    free(text);
}

static void test_damage(void **state) {
    (void)state;
    damage("eval/yolo/data.yaml", parse_yaml);
    damage("eval/yolo/labels/val/a.txt", parse_label);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations), cmocka_unit_test(test_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* COCO documents with failing allocations and damage: an error each time, no crash, no leak. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
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

__attribute__((noinline)) static char *read_document(size_t *size) {
    char *json;
    assert_ok(cs_file_read(test_data("eval/coco/instances.json"), 1 << 20, &json, size, &error));
    return json;
}

/* From a block of exactly its size, so that AddressSanitizer sees any step outside. */
static cs_status parse_copy(const char *json, size_t size) {
    cs_coco coco;
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, json, size);
    error.message[0] = '\0';
    cs_status status = cs_coco_parse(copy, size, "a.json", &coco, &error);
    free(copy);
    if (status != CS_OK) assert_non_null(strstr(error.message, "a.json:"));
    for (size_t i = 0; i < coco.object_count; i++)
        assert_true(coco.objects[i].width >= 0 && coco.objects[i].height >= 0);
    cs_coco_free(&coco);
    return status;
}

static void test_truncated_anywhere(void **state) {
    (void)state;
    size_t size;
    char *json = read_document(&size);
    for (size_t length = 0; length <= size; length++)
        assert_int_equal(parse_copy(json, length), length < size - 1 ? CS_ERR_FORMAT : CS_OK); /* a newline ends it */
    free(json);
}

static void test_random_damage(void **state) {
    (void)state;
    size_t size;
    uint32_t seed = 2463534242u;
    int refused = 0;
    char *json = read_document(&size), *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 20000; round++) {
        memcpy(damaged, json, size);
        for (int flips = 0; flips < 3; flips++) {
            seed ^= seed << 13;
            seed ^= seed >> 17;
            seed ^= seed << 5;
            damaged[seed % size] = (char)(seed >> 24);
        }
        refused += parse_copy(damaged, size) != CS_OK;
    }
    assert_true(refused > 5000);
    free(damaged);
    free(json);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_failing_allocations),
                                       cmocka_unit_test(test_truncated_anywhere), cmocka_unit_test(test_random_damage)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

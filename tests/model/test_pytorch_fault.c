/* Damaged files of torch.save and failing allocations: an error each time, never a crash, a leak or a step outside. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/checkpoint.h"
#include "model/pytorch.h"
#include "model/pytorch_bytes.h"
#include "model/pytorch_pickle.h"

static cs_error error;

static uint8_t *read_data(const char *name, size_t *size) {
    char *bytes;
    assert_ok(cs_file_read(test_data(name), 1 << 20, &bytes, size, &error));
    return (uint8_t *)bytes;
}

/* Parses a copy in a block of exactly its size and touches every byte that a tensor claims. */
static cs_status parse_copy(const uint8_t *bytes, size_t size) {
    uint8_t *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    cs_tensor_list list = {NULL, 0, NULL};
    error.message[0] = '\0';
    cs_status status = cs_pytorch_parse(copy, size, "file", &list, &error);
    if (status != CS_OK) assert_true(strlen(error.message) > 0);
    volatile unsigned sum = 0;
    for (size_t i = 0; i < list.count; i++)
        for (size_t k = 0; k < list.items[i].bytes; k++)
            sum += ((const uint8_t *)list.items[i].data)[k];
    cs_tensor_list_free(&list);
    free(copy);
    return status;
}

static const char *const files[] = {"pytorch/types.bin", "pytorch/training.bin", "pytorch/old_keys.bin",
                                    "pytorch/zip64.bin"};
enum { FILES = sizeof files / sizeof *files };

static void test_truncated_anywhere(void **state) {
    (void)state;
    for (int f = 0; f < FILES; f++) {
        size_t size;
        uint8_t *bytes = read_data(files[f], &size);
        for (size_t length = 0; length < size; length++)
            assert_int_not_equal(parse_copy(bytes, length), CS_OK);
        assert_int_equal(parse_copy(bytes, size), CS_OK);
        free(bytes);
    }
}

/* Where data.pkl, the first entry, begins and how long it is. */
static size_t find_pickle(const uint8_t *bytes, size_t *size) {
    size_t name = cs_read_u16(bytes + 26), begin = 30 + name + cs_read_u16(bytes + 28);
    assert_memory_equal(bytes + begin, "\x80\2", 2);
    const uint8_t *next = bytes + begin;
    while (memcmp(next, "PK", 2) != 0)
        next++;
    *size = (size_t)(next - bytes) - begin;
    return begin;
}

/* The archive stays whole, and its pickle ends early. */
static void test_pickle_cut_anywhere(void **state) {
    (void)state;
    size_t size;
    uint8_t *bytes = read_data("pytorch/training.bin", &size);
    const uint8_t *whole;
    cs_zip zip;
    assert_ok(cs_zip_open(bytes, size, "file", &zip, &error));
    const cs_zip_entry *entry = cs_zip_find(&zip, "data.pkl");
    assert_non_null(entry);
    assert_ok(cs_zip_data(&zip, entry, &whole, &error));
    for (size_t length = 0; length <= entry->size; length++) {
        uint8_t *copy = malloc(length ? length : 1);
        assert_non_null(copy);
        memcpy(copy, whole, length);
        cs_pickle pickle;
        cs_value root;
        cs_status status = cs_pickle_run(&zip, copy, length, &pickle, &root, &error);
        assert_int_equal(status, length < entry->size ? CS_ERR_FORMAT : CS_OK);
        cs_pickle_free(&pickle);
        free(copy);
    }
    cs_zip_free(&zip);
    free(bytes);
}

static uint32_t random_state;

static uint32_t random_below(uint32_t limit) {
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)random_state * limit) >> 32);
}

/* Most bytes of these files are names, pickle and directory, so nearly every change hits something that matters. */
static void test_random_damage(void **state) {
    (void)state;
    random_state = 20260705;
    unsigned failed = 0;
    for (int f = 0; f < FILES; f++) {
        size_t size;
        uint8_t *bytes = read_data(files[f], &size), *kept = malloc(size);
        assert_non_null(kept);
        memcpy(kept, bytes, size);
        for (int round = 0; round < 4000; round++) {
            for (uint32_t changes = 1 + random_below(4); changes > 0; changes--)
                bytes[4 + random_below((uint32_t)size - 4)] ^= (uint8_t)(1 + random_below(255));
            failed += parse_copy(bytes, size) != CS_OK;
            memcpy(bytes, kept, size);
        }
        free(kept);
        free(bytes);
    }
    assert_true(failed > 4000);
}

/* Changes of the pickle alone, which the directory around it does not hide. */
static void test_random_damage_of_the_pickle(void **state) {
    (void)state;
    random_state = 4711;
    size_t size, length;
    uint8_t *bytes = read_data("pytorch/training.bin", &size), *kept = malloc(size);
    assert_non_null(kept);
    memcpy(kept, bytes, size);
    size_t begin = find_pickle(bytes, &length);
    static const char opcodes[] = "(.}])tXqhKMJNRQbcsuae\x85\x86\x87\x88";
    for (int round = 0; round < 10000; round++) {
        for (uint32_t changes = 1 + random_below(3); changes > 0; changes--)
            bytes[begin + random_below((uint32_t)length)] = (uint8_t)opcodes[random_below(sizeof opcodes - 1)];
        parse_copy(bytes, size);
        memcpy(bytes, kept, size);
    }
    free(kept);
    free(bytes);
}

/* Each allocation of reading a file fails in turn, alone and with all that follow. */
static void test_failing_allocations(void **state) {
    (void)state;
    for (int f = 0; f < FILES; f++) {
        for (int only_one = 0; only_one < 2; only_one++) {
            long n = 0;
            cs_status status;
            do {
                cs_checkpoint *checkpoint;
                const char *path = test_data(files[f]);
                fail_allocation(n++, only_one);
                status = cs_checkpoint_open(path, &checkpoint, &error);
                fail_allocation(-1, 0);
                if (status == CS_OK) cs_checkpoint_close(checkpoint);
                assert_true(status == CS_OK || status == CS_ERR_MEMORY);
                if (status != CS_OK) assert_null(checkpoint);
            } while (status != CS_OK);
            assert_true(n > 10);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_truncated_anywhere),  cmocka_unit_test(test_pickle_cut_anywhere),
        cmocka_unit_test(test_random_damage),       cmocka_unit_test(test_random_damage_of_the_pickle),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

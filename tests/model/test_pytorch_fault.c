/* Damaged files of torch.save and failing allocations: an error each time, never a crash, a leak or a step outside. */
#include "support/damage.h"

#include "model/checkpoint.h"
#include "model/claimed_bytes.h"
#include "model/pytorch.h"
#include "model/pytorch_bytes.h"
#include "model/pytorch_pickle.h"

static cs_error error;

static cs_status parse(const void *bytes, size_t size) {
    cs_tensor_list list = {NULL, 0, NULL};
    error.message[0] = '\0';
    cs_status status = cs_pytorch_parse(bytes, size, "file", &list, &error);
    if (status != CS_OK) assert_true(strlen(error.message) > 0);
    read_claimed_bytes(&list);
    cs_tensor_list_free(&list);
    return status;
}

static const char *const files[] = {"pytorch/types.bin", "pytorch/training.bin", "pytorch/old_keys.bin",
                                    "pytorch/zip64.bin"};
enum { FILES = sizeof files / sizeof *files };

static void test_truncated_anywhere(void **state) {
    (void)state;
    for (int f = 0; f < FILES; f++) {
        size_t size;
        uint8_t *bytes = read_test_data(files[f], &size);
        for (size_t length = 0; length < size; length++)
            assert_int_not_equal(parse_exactly(parse, bytes, length), CS_OK);
        assert_int_equal(parse_exactly(parse, bytes, size), CS_OK);
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
    uint8_t *bytes = read_test_data("pytorch/training.bin", &size);
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

/* Most bytes of these files are names, pickle and directory, so nearly every change hits something that matters. */
static void test_random_damage(void **state) {
    (void)state;
    for (int f = 0; f < FILES; f++) {
        size_t size;
        uint8_t *bytes = read_test_data(files[f], &size);
        assert_true(parse_damaged(parse, bytes, size) > 10000);
        free(bytes);
    }
}

/* Changes of the pickle alone, which the directory around it does not hide. */
static void test_random_damage_of_the_pickle(void **state) {
    (void)state;
    uint32_t seed = 4711;
    size_t size, length;
    uint8_t *bytes = read_test_data("pytorch/training.bin", &size), *kept = malloc(size);
    assert_non_null(kept);
    memcpy(kept, bytes, size);
    size_t begin = find_pickle(bytes, &length);
    static const char opcodes[] = "(.}])tXqhKMJNRQbcsuae\x85\x86\x87\x88";
    for (int round = 0; round < 10000; round++) {
        for (uint32_t changes = 1 + next_random(&seed) % 3; changes > 0; changes--) {
            size_t at = begin + next_random(&seed) % length;
            bytes[at] = (uint8_t)opcodes[next_random(&seed) % (sizeof opcodes - 1)];
        }
        parse_exactly(parse, bytes, size);
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

/* The zip directory: each field that could lead outside of the file or to something other than what it says. */
#include "support/support.h"

#include <stdlib.h>
#include <string.h>

#include "model/pytorch.h"
#include "model/pytorch_zip.h"
#include "zip_builder.h"

static cs_error error;
static zip_builder zip;

static const char pickle[] = PICKLE_DICT(PICKLE_TENSOR);

static void build(int zip64) {
    zip_checkpoint(&zip, pickle, sizeof pickle - 1, zip64);
}

static void set(size_t place, uint64_t value, int width) {
    for (int i = 0; i < width; i++)
        zip.bytes[place + (size_t)i] = (uint8_t)(value >> 8 * i);
}

/* In a block of exactly its size, so that a step outside is seen. */
static cs_status parse(size_t size, cs_tensor_list *list) {
    uint8_t *copy = malloc(size);
    assert_non_null(copy);
    memcpy(copy, zip.bytes, size);
    cs_status status = cs_pytorch_parse(copy, size, "file", list, &error);
    if (status == CS_OK) {
        assert_int_equal(list->count, 1);
        assert_string_equal(list->items[0].name, "a");
        assert_memory_equal(list->items[0].data, zip_numbers, sizeof zip_numbers);
        cs_tensor_list_free(list);
    }
    free(copy);
    return status;
}

static void expect_ok(void) {
    cs_tensor_list list;
    assert_ok(parse(zip.size, &list));
}

static void expect(cs_status status, const char *part) {
    cs_tensor_list list;
    assert_fails(parse(zip.size, &list), status, part);
}

/* Changes one field of an otherwise sound archive. */
static void damage(int zip64, const size_t *record, size_t offset, uint64_t value, int width, cs_status status,
                   const char *part) {
    build(zip64);
    set(*record + offset, value, width);
    expect(status, part);
}

static void test_plain_and_zip64(void **state) {
    (void)state;
    build(0);
    expect_ok();
    build(1);
    expect_ok();
}

static void test_comment_at_the_end(void **state) {
    (void)state;
    build(0);
    set(zip.end + 20, 65535, 2);
    memset(zip.bytes + zip.size, 'x', 65535);
    memcpy(zip.bytes + zip.size + 100, "PK\5\6", 4); /* a signature within the comment, whose length does not fit */
    zip.size += 65535;
    expect_ok();
    zip.size--;
    expect(CS_ERR_FORMAT, "end record");
}

static void test_end_record(void **state) {
    (void)state;
    damage(0, &zip.end, 0, 0, 4, CS_ERR_FORMAT, "without its end record");
    damage(0, &zip.end, 20, 1, 2, CS_ERR_FORMAT, "without its end record");
    damage(0, &zip.end, 10, 3, 2, CS_ERR_FORMAT, "3 entries do not fit");
    damage(0, &zip.end, 10, 1, 2, CS_ERR_FORMAT, "behind the zip directory's 1 entries");
    damage(0, &zip.end, 10, 60000, 2, CS_ERR_FORMAT, "60000 entries do not fit");
    damage(0, &zip.end, 12, 1000000, 4, CS_ERR_FORMAT, "does not end before byte");
    damage(0, &zip.end, 16, zip.directory + 1, 4, CS_ERR_FORMAT, "does not end before byte");
    damage(0, &zip.end, 16, UINT32_MAX, 4, CS_ERR_FORMAT, "does not end before byte");
    damage(0, &zip.end, 16, 0, 4, CS_ERR_FORMAT, "entry 0 of the zip directory is damaged");
}

static void test_zip64_end_record(void **state) {
    (void)state;
    damage(1, &zip.end64, 0, 0, 4, CS_ERR_FORMAT, "expected a ZIP64 end record");
    damage(1, &zip.locator, 8, UINT64_MAX, 8, CS_ERR_FORMAT, "expected a ZIP64 end record at byte 184467");
    damage(1, &zip.locator, 8, zip.locator, 8, CS_ERR_FORMAT, "expected a ZIP64 end record");
    damage(1, &zip.end64, 32, UINT64_MAX, 8, CS_ERR_FORMAT, "entries do not fit");
    damage(1, &zip.end64, 40, UINT64_MAX, 8, CS_ERR_FORMAT, "does not end before byte");
    damage(1, &zip.end64, 48, UINT64_MAX, 8, CS_ERR_FORMAT, "does not end before byte");
    damage(1, &zip.end64, 48, UINT64_MAX - 100, 8, CS_ERR_FORMAT, "does not end before byte");
    damage(1, &zip.end, 10, 1, 2, CS_ERR_FORMAT, "two end records disagree");
    damage(1, &zip.end, 12, 1, 4, CS_ERR_FORMAT, "two end records disagree");
    damage(1, &zip.end, 16, 1, 4, CS_ERR_FORMAT, "two end records disagree");
    damage(1, &zip.locator, 0, 0, 4, CS_ERR_FORMAT,
           "(4294967295 bytes from 4294967295)"); /* then the short record's limits are meant */
}

/* Between the archive's first byte and the locator there is no room for the record that the locator points to. */
static void test_no_room_for_the_zip64_end_record(void **state) {
    (void)state;
    memset(&zip, 0, sizeof zip);
    zip_number(&zip, 0x06064b50, 4);
    zip_number(&zip, 0x07064b50, 4);
    zip_number(&zip, 0, 16);
    zip_number(&zip, 0x06054b50, 4);
    zip_number(&zip, 0, 18);
    uint8_t *copy = malloc(zip.size);
    assert_non_null(copy);
    memcpy(copy, zip.bytes, zip.size);
    cs_zip opened;
    assert_fails(cs_zip_open(copy, zip.size, "file", &opened, &error), CS_ERR_FORMAT, "ZIP64 end record at byte 0");
    free(copy);
}

static void test_directory(void **state) {
    (void)state;
    size_t *record = &zip.records[1];
    damage(0, record, 0, 0, 4, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 28, 0, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 28, 60000, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 30, 60000, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 32, 1, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 34, 1, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 46, '\n', 1, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 46, 0x7f, 1, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 24, UINT32_MAX, 4, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 20, UINT32_MAX, 4, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(0, record, 42, UINT32_MAX, 4, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
}

static void test_entries(void **state) {
    (void)state;
    size_t *record = &zip.records[1];
    damage(0, record, 8, 1, 2, CS_ERR_UNSUPPORTED, "entry 'm/data/0' is encrypted");
    damage(0, record, 10, 8, 2, CS_ERR_UNSUPPORTED, "entry 'm/data/0' is compressed (method 8)");
    damage(0, record, 10, 99, 2, CS_ERR_UNSUPPORTED, "is compressed (method 99)");
    damage(0, record, 20, 15, 4, CS_ERR_FORMAT, "has two sizes: 15 and 16");
    damage(0, record, 42, 1, 4, CS_ERR_FORMAT, "entry 'm/data/0' does not begin at byte 1");
    damage(0, record, 42, UINT32_MAX - 1, 4, CS_ERR_FORMAT, "does not begin at byte 4294967294");
    damage(0, record, 42, 0, 4, CS_ERR_FORMAT, "has another name where its bytes begin");
    damage(0, record, 42, zip.size - 4, 4, CS_ERR_FORMAT, "does not begin at byte");
    damage(0, &zip.entries[1].place, 26, 60000, 2, CS_ERR_FORMAT, "past the file's end");
    damage(0, &zip.entries[1].place, 28, 60000, 2, CS_ERR_FORMAT, "past the file's end");
    damage(0, &zip.entries[1].place, 26, 7, 2, CS_ERR_FORMAT, "has another name");
    damage(0, &zip.entries[1].place, 30, 'n', 1, CS_ERR_FORMAT, "has another name");
}

static void test_sizes(void **state) {
    (void)state;
    build(0);
    set(zip.records[1] + 20, 1000000, 4);
    set(zip.records[1] + 24, 1000000, 4);
    expect(CS_ERR_FORMAT, "of 1000000 bytes goes past the file's end");
    build(0);
    set(zip.records[1] + 20, 20, 4);
    set(zip.records[1] + 24, 20, 4);
    expect(CS_ERR_FORMAT, "has 20 bytes, expected 4 elements of 4");
}

/* The fields behind the name "m/data/0" and another field of five bytes. */
static void test_zip64_fields(void **state) {
    (void)state;
    size_t *record = &zip.records[1];
    const size_t field = 46 + 8 + 5;
    damage(1, record, field, 2, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field + 2, 23, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field + 2, 16, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field + 2, 0, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field + 2, 25, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field - 3, 60000, 2, CS_ERR_FORMAT, "entry 1 of the zip directory is damaged");
    damage(1, record, field + 4, UINT64_MAX, 8, CS_ERR_FORMAT, "has two sizes: 16 and 18446744073709551615");
    damage(1, record, field + 12, 17, 8, CS_ERR_FORMAT, "has two sizes: 17 and 16");
    damage(1, record, field + 20, UINT64_MAX, 8, CS_ERR_FORMAT, "does not begin at byte 18446744073709551615");
    damage(1, record, field + 20, UINT64_MAX - 20, 8, CS_ERR_FORMAT, "does not begin at byte 1844674407370955159");
    build(1);
    set(zip.records[1] + field + 4, UINT64_MAX - 40, 8);
    set(zip.records[1] + field + 12, UINT64_MAX - 40, 8);
    expect(CS_ERR_FORMAT, "past the file's end");
}

static void test_names(void **state) {
    (void)state;
    memset(&zip, 0, sizeof zip);
    zip_add(&zip, "m/data.pkl", pickle, sizeof pickle - 1);
    zip_add(&zip, "m/data/0", zip_numbers, sizeof zip_numbers);
    zip_add(&zip, "m/data/0", zip_numbers, sizeof zip_numbers);
    zip_finish(&zip, 0);
    expect(CS_ERR_FORMAT, "two entries 'm/data/0'");

    memset(&zip, 0, sizeof zip);
    zip_add(&zip, "m/data.pkl", pickle, sizeof pickle - 1);
    zip_add(&zip, "other/data/0", zip_numbers, sizeof zip_numbers);
    zip_finish(&zip, 0);
    expect(CS_ERR_FORMAT, "no entry 'data/0'");

    memset(&zip, 0, sizeof zip);
    zip_add(&zip, "data.pkl", pickle, sizeof pickle - 1);
    zip_finish(&zip, 0);
    expect(CS_ERR_FORMAT, "without data.pkl");

    memset(&zip, 0, sizeof zip);
    zip_finish(&zip, 0);
    expect(CS_ERR_FORMAT, "without data.pkl");
}

static void expect_word(const char *entry, const char *word, cs_status status, const char *part) {
    memset(&zip, 0, sizeof zip);
    zip_add(&zip, "m/data.pkl", pickle, sizeof pickle - 1);
    zip_add(&zip, "m/data/0", zip_numbers, sizeof zip_numbers);
    zip_add(&zip, entry, word, strlen(word));
    zip_finish(&zip, 0);
    if (part)
        expect(status, part);
    else
        expect_ok();
}

static void test_version_and_byte_order(void **state) {
    (void)state;
    expect_word("m/version", "3\n", CS_OK, NULL);
    expect_word("m/version", "10", CS_OK, NULL);
    expect_word("m/version", "1", CS_OK, NULL);
    expect_word("m/version", "", CS_OK, NULL);
    expect_word("m/version", "0", CS_ERR_UNSUPPORTED, "version '0'");
    expect_word("m/version", "11", CS_ERR_UNSUPPORTED, "version '11'");
    expect_word("m/version", "-3", CS_ERR_UNSUPPORTED, "version '-3'");
    expect_word("m/version", "x", CS_ERR_UNSUPPORTED, "version 'x'");
    expect_word("m/version", "00000000000000000000000003", CS_ERR_UNSUPPORTED, "version '00000000000000000000'");
    expect_word("m/version", "00031", CS_ERR_UNSUPPORTED, "version '00031'");
    expect_word("m/byteorder", "little", CS_OK, NULL);
    expect_word("m/byteorder", "big", CS_ERR_UNSUPPORTED, "byte order 'big'");
    expect_word("m/byteorder", "middle", CS_ERR_UNSUPPORTED, "byte order 'middle'");
    expect_word("m/constants.pkl", "", CS_ERR_UNSUPPORTED, "TorchScript");
    expect_word("m/code/__torch__.py", "", CS_ERR_UNSUPPORTED, "TorchScript");
}

static void test_cut_anywhere(void **state) {
    (void)state;
    for (int zip64 = 0; zip64 < 2; zip64++) {
        build(zip64);
        cs_tensor_list list;
        for (size_t size = 4; size < zip.size; size++)
            assert_fails(parse(size, &list), CS_ERR_FORMAT, "end record");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_and_zip64), cmocka_unit_test(test_comment_at_the_end),
        cmocka_unit_test(test_end_record),      cmocka_unit_test(test_zip64_end_record),
        cmocka_unit_test(test_directory),       cmocka_unit_test(test_entries),
        cmocka_unit_test(test_sizes),           cmocka_unit_test(test_zip64_fields),
        cmocka_unit_test(test_names),           cmocka_unit_test(test_version_and_byte_order),
        cmocka_unit_test(test_cut_anywhere),    cmocka_unit_test(test_no_room_for_the_zip64_end_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Sound checkpoints: files of the real safetensors package, shards, lookup, reading. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/checkpoint.h"
#include "model/checkpoint_dtype.h"

static cs_error error;

/* A safetensors file from header text and zeros. */
static void write_tensors(const char *folder, const char *name, const char *header, size_t zeros) {
    size_t length = strlen(header), size = 8 + length + zeros;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)length >> 8 * i);
    memcpy(bytes + 8, header, length);
    char *path = cs_path_join(folder, name);
    write_file(path, bytes, size);
    free(path);
    free(bytes);
}

static cs_checkpoint *open_data(const char *name) {
    cs_checkpoint *checkpoint;
    assert_ok(cs_checkpoint_open(test_data(name), &checkpoint, &error));
    return checkpoint;
}

static void test_every_type_is_described(void **state) {
    (void)state;
    static const struct {
        const char *name;
        cs_dtype dtype;
        size_t bytes;
    } expected[] = {{"type.F32", CS_F32, 24},  {"type.F16", CS_F16, 12},        {"type.BF16", CS_BF16, 12},
                    {"type.F64", CS_F64, 48},  {"type.I64", CS_I64, 48},        {"type.I32", CS_I32, 24},
                    {"type.I16", CS_I16, 12},  {"type.I8", CS_I8, 6},           {"type.U8", CS_U8, 6},
                    {"type.U16", CS_U16, 12},  {"type.U32", CS_U32, 24},        {"type.U64", CS_U64, 48},
                    {"type.BOOL", CS_BOOL, 6}, {"type.F8_E4M3", CS_F8_E4M3, 6}, {"type.F8_E5M2", CS_F8_E5M2, 6}};
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    assert_int_equal(cs_checkpoint_count(checkpoint), 18);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const cs_tensor *tensor = cs_checkpoint_find(checkpoint, expected[i].name);
        assert_non_null(tensor);
        assert_int_equal(tensor->dtype, expected[i].dtype);
        assert_string_equal(cs_dtype_name(tensor->dtype), expected[i].name + strlen("type."));
        assert_int_equal(tensor->bytes, expected[i].bytes);
        assert_int_equal(tensor->dims, 2);
        assert_int_equal(tensor->shape[0], 2);
        assert_int_equal(tensor->shape[1], 3);
    }
    cs_checkpoint_close(checkpoint);
}

static void test_integers_lie_where_the_header_says(void **state) {
    (void)state;
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    int64_t wide[6];
    memcpy(wide, cs_checkpoint_find(checkpoint, "type.I64")->data, sizeof wide);
    const uint8_t *narrow = cs_checkpoint_find(checkpoint, "type.U8")->data;
    for (int k = 0; k < 6; k++) {
        assert_int_equal(wide[k], k - 1);
        assert_int_equal(narrow[k], k);
    }
    cs_checkpoint_close(checkpoint);
}

static void test_floats_are_read(void **state) {
    (void)state;
    static const char *const names[] = {"type.F32", "type.F16", "type.BF16"};
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    float out[21];
    for (int i = 0; i < 3; i++) {
        assert_ok(cs_checkpoint_read(checkpoint, names[i], 2, (const int64_t[]){2, 3}, out, &error));
        for (int k = 0; k < 6; k++)
            assert_true(out[k] == (float)k / 2 - 1);
    }
    assert_ok(cs_checkpoint_read(checkpoint, "wide", 4, (const int64_t[]){1, 1, 3, 7}, out, &error));
    for (int k = 0; k < 21; k++)
        assert_true(out[k] == (float)k / 2 - 1);
    assert_ok(cs_checkpoint_read(checkpoint, "scalar", 0, NULL, out, &error));
    assert_true(out[0] == -1);
    out[0] = 7;
    assert_ok(cs_checkpoint_read(checkpoint, "empty", 2, (const int64_t[]){0, 4}, out, &error));
    assert_true(out[0] == 7);
    cs_checkpoint_close(checkpoint);
}

static void test_names_are_in_order_and_found(void **state) {
    (void)state;
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    for (size_t i = 0; i < cs_checkpoint_count(checkpoint); i++) {
        const cs_tensor *tensor = cs_checkpoint_at(checkpoint, i);
        assert_ptr_equal(cs_checkpoint_find(checkpoint, tensor->name), tensor);
        if (i > 0) assert_true(strcmp(cs_checkpoint_at(checkpoint, i - 1)->name, tensor->name) < 0);
    }
    assert_null(cs_checkpoint_find(checkpoint, "type.F3"));
    assert_null(cs_checkpoint_find(checkpoint, "type.F320"));
    assert_null(cs_checkpoint_find(checkpoint, ""));
    assert_null(cs_checkpoint_find(checkpoint, "__metadata__"));
    cs_checkpoint_close(checkpoint);
}

static void test_read_says_what_is_wrong(void **state) {
    (void)state;
    const int64_t six[] = {2, 3}, turned[] = {3, 2};
    float out[6];
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    assert_fails(cs_checkpoint_read(checkpoint, "nothing", 2, six, out, &error), CS_ERR_FORMAT, "'nothing': missing");
    assert_non_null(strstr(error.message, "types.safetensors"));
    assert_fails(cs_checkpoint_read(checkpoint, "F32", 2, six, out, &error), CS_ERR_FORMAT, "there is 'type.F32'");
    assert_fails(cs_checkpoint_read(checkpoint, "model.wide", 2, six, out, &error), CS_ERR_FORMAT, "there is 'wide'");
    assert_fails(cs_checkpoint_read(checkpoint, "type.F32", 2, turned, out, &error), CS_ERR_FORMAT,
                 "'type.F32': expected shape [3, 2], found [2, 3]");
    assert_fails(cs_checkpoint_read(checkpoint, "type.F32", 1, six, out, &error), CS_ERR_FORMAT,
                 "expected shape [2], found [2, 3]");
    assert_fails(cs_checkpoint_read(checkpoint, "type.I64", 2, six, out, &error), CS_ERR_UNSUPPORTED,
                 "'type.I64': expected dtype F32, F16 or BF16, found I64");
    assert_fails(cs_checkpoint_read(checkpoint, "type.F64", 2, six, out, &error), CS_ERR_UNSUPPORTED, "found F64");
    cs_checkpoint_close(checkpoint);
}

static void test_missing_and_odd_files(void **state) {
    (void)state;
    cs_checkpoint *checkpoint;
    char *folder = make_folder();
    char *empty = cs_path_join(folder, "empty.safetensors");
    write_file(empty, "", 0);
    assert_fails(cs_checkpoint_open("/nowhere/model.safetensors", &checkpoint, &error), CS_ERR_IO, "/nowhere/model");
    assert_fails(cs_checkpoint_open(folder, &checkpoint, &error), CS_ERR_IO, "a folder");
    assert_fails(cs_checkpoint_open(empty, &checkpoint, &error), CS_ERR_FORMAT, "too short");
    assert_null(checkpoint);
    cs_checkpoint_close(NULL);
    free(empty);
    remove_folder(folder);
}

static void test_shards_are_one_checkpoint(void **state) {
    (void)state;
    float out[4];
    cs_checkpoint *checkpoint = open_data("checkpoint/model.safetensors.index.json");
    assert_int_equal(cs_checkpoint_count(checkpoint), 3);
    assert_string_equal(cs_checkpoint_at(checkpoint, 2)->name, "c.weight");
    assert_ok(cs_checkpoint_read(checkpoint, "a.weight", 2, (const int64_t[]){2, 2}, out, &error));
    assert_true(out[3] == 0.5f);
    assert_ok(cs_checkpoint_read(checkpoint, "b.weight", 1, (const int64_t[]){3}, out, &error));
    assert_true(out[2] == 0);
    assert_ok(cs_checkpoint_read(checkpoint, "c.weight", 2, (const int64_t[]){2, 1}, out, &error));
    assert_true(out[1] == -0.5f);
    cs_checkpoint_close(checkpoint);
}

#define ONE(name) "{\"" name "\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}}"

static void expect_index(const char *folder, const char *json, const char *part) {
    cs_checkpoint *checkpoint;
    char *path = cs_path_join(folder, "m.index.json");
    write_text(folder, "m.index.json", json);
    if (part)
        assert_fails(cs_checkpoint_open(path, &checkpoint, &error), CS_ERR_FORMAT, part);
    else
        assert_ok(cs_checkpoint_open(path, &checkpoint, &error));
    cs_checkpoint_close(checkpoint);
    free(path);
}

static void test_index_is_checked(void **state) {
    (void)state;
    char *folder = make_folder();
    write_tensors(folder, "one", ONE("a"), 4);
    write_tensors(folder, "two", ONE("b"), 4);
    write_tensors(folder, "copy", ONE("a"), 4);
    write_tensors(folder, "bad", ONE("z"), 5);
    write_tensors(folder, "turned",
                  "{\"z\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                  "\"x\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]},"
                  "\"y\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[2,3]}}",
                  3);
    expect_index(folder, "{\"weight_map\":{\"a\":\"one\",\"b\":\"two\"}}", NULL);
    expect_index(folder, "{\"weight_map\":{\"x\":\"turned\",\"y\":\"turned\",\"z\":\"turned\"}}", NULL);
    expect_index(folder, "{\"weight_map\":{\"a\":\"two\",\"b\":\"two\"}}",
                 "m.index.json: tensor 'a': listed in 'two', which does not hold it");
    expect_index(folder, "{\"weight_map\":{\"a\":\"one\",\"c\":\"two\"}}", "tensor 'c': listed in 'two'");
    expect_index(folder, "{\"weight_map\":{\"a\":\"one\",\"b\":\"two\",\"x\":\"copy\"}}", "'x': listed in 'copy'");
    expect_index(folder, "{\"weight_map\":{\"z\":\"bad\"}}", "/bad: 1 bytes behind the last tensor");
    expect_index(folder, "{\"weight_map\":{\"a\":\"/etc/passwd\"}}", "tensor 'a': expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":\"sub/one\"}}", "found 'sub/one'");
    expect_index(folder, "{\"weight_map\":{\"a\":\"sub\\\\one\"}}", "expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":\"..\"}}", "expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":\"..one\"}}", "expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":\".\"}}", "expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":\"\"}}", "expected the plain name");
    expect_index(folder, "{\"weight_map\":{\"a\":1}}", "tensor 'a': expected a file name");
    expect_index(folder, "{\"weight_map\":{\"a\":\"one\",\"a\":\"one\"}}", "duplicate");
    expect_index(folder, "{\"weight_map\":{}}", "weight_map");
    expect_index(folder, "{\"weight_map\":[\"a\"]}", "weight_map");
    expect_index(folder, "{}", "weight_map");
    expect_index(folder, "[]", "found an array");
    expect_index(folder, "", "expected a JSON object");
    remove_folder(folder);
}

static void test_same_tensor_in_two_shards(void **state) {
    (void)state;
    char *folder = make_folder();
    write_tensors(folder, "one", ONE("a"), 4);
    write_tensors(folder, "both",
                  "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},"
                  "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                  8);
    expect_index(folder, "{\"weight_map\":{\"a\":\"one\",\"b\":\"both\"}}", "tensor 'a': in more than one shard");
    remove_folder(folder);
}

static void test_missing_shard_is_named(void **state) {
    (void)state;
    cs_checkpoint *checkpoint;
    char *folder = make_folder();
    char *path = cs_path_join(folder, "m.index.json");
    write_text(folder, "m.index.json", "{\"weight_map\":{\"a\":\"gone.safetensors\"}}");
    assert_fails(cs_checkpoint_open(path, &checkpoint, &error), CS_ERR_IO, "gone.safetensors");
    free(path);
    remove_folder(folder);
}

static void test_rows_are_read_one_by_one(void **state) {
    (void)state;
    static const char *const names[] = {"type.F32", "type.F16", "type.BF16"};
    cs_checkpoint *checkpoint = open_data("checkpoint/types.safetensors");
    cs_table table;
    for (int i = 0; i < 3; i++) {
        assert_ok(cs_checkpoint_table(checkpoint, names[i], 2, 3, &table, &error));
        for (size_t row = 2; row-- > 0; cs_table_rest(&table)) { /* what was given back comes again when asked for */
            float out[4] = {9, 9, 9, 9};
            cs_table_row(&table, row, out);
            for (size_t k = 0; k < 3; k++)
                assert_true(out[k] == (float)(row * 3 + k) / 2 - 1);
            assert_true(out[3] == 9);
        }
    }
    assert_fails(cs_checkpoint_table(checkpoint, "type.F32", 3, 2, &table, &error), CS_ERR_FORMAT,
                 "'type.F32': expected shape [3, 2], found [2, 3]");
    assert_fails(cs_checkpoint_table(checkpoint, "type.I32", 2, 3, &table, &error), CS_ERR_UNSUPPORTED,
                 "expected dtype F32, F16 or BF16, found I32");
    assert_fails(cs_checkpoint_table(checkpoint, "none", 2, 3, &table, &error), CS_ERR_FORMAT, "missing");
    cs_checkpoint_close(checkpoint);
}

/* Kilobytes of the mapping around `address` that are in memory now. */
static long resident(const void *address) {
    FILE *file = fopen("/proc/self/smaps", "r");
    if (!file) return -1;
    char line[512];
    unsigned long begin, end;
    long kilobytes = -1;
    int inside = 0;
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
            inside = begin <= (uintptr_t)address && (uintptr_t)address < end;
        if (inside && sscanf(line, "Rss: %ld", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes;
}

static void test_pages_are_given_back(void **state) {
    (void)state;
    enum { COUNT = 1 << 20 };
    cs_checkpoint *checkpoint;
    char *folder = make_folder();
    write_tensors(folder, "big",
                  "{\"a\":{\"dtype\":\"F32\",\"shape\":[1048576],\"data_offsets\":[0,4194304]},"
                  "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4194304,4194308]}}",
                  4 * COUNT + 4);
    char *path = cs_path_join(folder, "big");
    float *out = malloc(sizeof(float) * COUNT);
    assert_non_null(out);
    assert_ok(cs_checkpoint_open(path, &checkpoint, &error));
    const cs_tensor *tensor = cs_checkpoint_find(checkpoint, "a");
    memcpy(out, tensor->data, tensor->bytes);
    long before = resident(tensor->data);
    for (int round = 0; round < 2; round++) { /* pages that were given back come again when asked for */
        memset(out, 1, sizeof(float) * COUNT);
        assert_ok(cs_checkpoint_read(checkpoint, "a", 1, (const int64_t[]){COUNT}, out, &error));
        assert_true(out[0] == 0 && out[COUNT - 1] == 0);
    }
    if (before >= 0) {
        assert_true(before >= 4096);
        assert_true(resident(tensor->data) <= 64);
    }
    const void *where = tensor->data;
    cs_checkpoint_close(checkpoint);
    assert_int_equal(resident(where), -1);
    free(out);
    free(path);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type_is_described),   cmocka_unit_test(test_integers_lie_where_the_header_says),
        cmocka_unit_test(test_floats_are_read),           cmocka_unit_test(test_names_are_in_order_and_found),
        cmocka_unit_test(test_read_says_what_is_wrong),   cmocka_unit_test(test_missing_and_odd_files),
        cmocka_unit_test(test_shards_are_one_checkpoint), cmocka_unit_test(test_index_is_checked),
        cmocka_unit_test(test_same_tensor_in_two_shards), cmocka_unit_test(test_missing_shard_is_named),
        cmocka_unit_test(test_rows_are_read_one_by_one),  cmocka_unit_test(test_pages_are_given_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

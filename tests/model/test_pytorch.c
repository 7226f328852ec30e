/* Sound files of torch.save: the same tensors as in the safetensors files that were made beside them. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "model/checkpoint.h"
#include "model/checkpoint_dtype.h"
#include "model/pytorch.h"

static cs_error error;

static cs_checkpoint *open_data(const char *name, const char *ending) {
    char path[128];
    cs_checkpoint *checkpoint;
    snprintf(path, sizeof path, "pytorch/%s.%s", name, ending);
    assert_ok(cs_checkpoint_open(test_data(path), &checkpoint, &error));
    return checkpoint;
}

static void assert_same_tensor(const cs_tensor *a, const cs_tensor *b) {
    assert_string_equal(a->name, b->name);
    assert_string_equal(cs_dtype_name(a->dtype), cs_dtype_name(b->dtype));
    assert_int_equal(a->dims, b->dims);
    for (int i = 0; i < a->dims; i++)
        assert_int_equal(a->shape[i], b->shape[i]);
    assert_int_equal(a->bytes, b->bytes);
    if (a->bytes) assert_memory_equal(a->data, b->data, a->bytes);
}

static void assert_same_tensors(const char *name, size_t count) {
    cs_checkpoint *a = open_data(name, "bin"), *b = open_data(name, "safetensors");
    assert_int_equal(cs_checkpoint_count(a), count);
    assert_int_equal(cs_checkpoint_count(b), count);
    for (size_t i = 0; i < count; i++) {
        assert_same_tensor(cs_checkpoint_at(a, i), cs_checkpoint_at(b, i));
        assert_ptr_equal(cs_checkpoint_find(a, cs_checkpoint_at(b, i)->name), cs_checkpoint_at(a, i));
    }
    cs_checkpoint_close(a);
    cs_checkpoint_close(b);
}

static void test_every_type(void **state) {
    (void)state;
    assert_same_tensors("types", 19);
}

static void test_state_dict_of_a_module(void **state) {
    (void)state;
    assert_same_tensors("module", 9);
}

static void test_parameters(void **state) {
    (void)state;
    assert_same_tensors("parameters", 6);
}

static void test_training_checkpoint(void **state) {
    (void)state;
    assert_same_tensors("training", 9);
}

static void test_prefix_of_parallel_training_is_taken_off(void **state) {
    (void)state;
    assert_same_tensors("parallel", 9);
}

static void test_archives_of_older_versions(void **state) {
    (void)state;
    assert_same_tensors("old_keys", 2);
    assert_same_tensors("zip64", 2);
}

static void test_views_share_their_storage(void **state) {
    (void)state;
    assert_same_tensors("views", 8);
    cs_checkpoint *checkpoint = open_data("views", "bin");
    const uint8_t *base = cs_checkpoint_find(checkpoint, "base")->data;
    assert_ptr_equal(cs_checkpoint_find(checkpoint, "same")->data, base);
    assert_ptr_equal(cs_checkpoint_find(checkpoint, "rows")->data, base + 2 * 4 * sizeof(float));
    assert_ptr_equal(cs_checkpoint_find(checkpoint, "flat")->data, base + 7 * sizeof(float));
    cs_checkpoint_close(checkpoint);
}

static void test_floats_are_read(void **state) {
    (void)state;
    static const char *const names[] = {"type.F32", "type.F16", "type.BF16"};
    float out[6];
    cs_checkpoint *checkpoint = open_data("types", "bin");
    for (int i = 0; i < 3; i++) {
        assert_ok(cs_checkpoint_read(checkpoint, names[i], 2, (const int64_t[]){2, 3}, out, &error));
        for (int k = 0; k < 6; k++)
            assert_true(out[k] == (float)k / 2 - 1);
    }
    assert_fails(cs_checkpoint_read(checkpoint, "type.F64", 2, (const int64_t[]){2, 3}, out, &error),
                 CS_ERR_UNSUPPORTED, "types.bin: tensor 'type.F64': expected dtype F32");
    cs_checkpoint_close(checkpoint);
}

static void copy_file(const char *from, const char *folder, const char *name) {
    char *bytes, *path = cs_path_join(folder, name);
    size_t size;
    assert_ok(cs_file_read(from, 1 << 20, &bytes, &size, &error));
    write_file(path, bytes, size);
    free(bytes);
    free(path);
}

/* transformers writes pytorch_model.bin.index.json beside pytorch_model-00001-of-00002.bin. */
static void test_shards(void **state) {
    (void)state;
    static const char index[] = "{\"weight_map\":{\"base\":\"one.bin\",\"a\":\"two.bin\",\"b\":\"two.bin\"}}";
    cs_checkpoint *checkpoint;
    char *folder = make_folder(), *path = cs_path_join(folder, "pytorch_model.bin.index.json");
    copy_file(test_data("pytorch/views.bin"), folder, "one.bin");
    copy_file(test_data("pytorch/zip64.bin"), folder, "two.bin");
    write_text(folder, "pytorch_model.bin.index.json", index);
    assert_ok(cs_checkpoint_open(path, &checkpoint, &error));
    assert_int_equal(cs_checkpoint_count(checkpoint), 10);
    assert_non_null(cs_checkpoint_find(checkpoint, "b"));
    cs_checkpoint_close(checkpoint);
    free(path);
    remove_folder(folder);
}

/* A safetensors header of 640 bytes begins with the bytes of a pickle. */
static void test_what_a_file_is_told_from(void **state) {
    (void)state;
    uint8_t bytes[648] = {0x80, 2};
    assert_false(cs_pytorch_recognise(bytes, sizeof bytes));
    assert_true(cs_pytorch_recognise(bytes, sizeof bytes - 1));
    assert_true(cs_pytorch_recognise((const uint8_t *)"PK\3\4", 4));
    assert_true(cs_pytorch_recognise((const uint8_t *)"PK\5\6", 4));
    assert_false(cs_pytorch_recognise((const uint8_t *)"PK\3\4", 3));
    assert_false(cs_pytorch_recognise((const uint8_t *)"PK\3\5", 4));
    assert_false(cs_pytorch_recognise((const uint8_t *)"\x80\6....", 6));
    assert_false(cs_pytorch_recognise(NULL, 0));
    uint8_t *brief = malloc(2);
    assert_non_null(brief);
    memcpy(brief, "\x80\4", 2);
    assert_true(cs_pytorch_recognise(brief, 2));
    assert_false(cs_pytorch_recognise(brief, 1));
    free(brief);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_type),
        cmocka_unit_test(test_state_dict_of_a_module),
        cmocka_unit_test(test_parameters),
        cmocka_unit_test(test_training_checkpoint),
        cmocka_unit_test(test_prefix_of_parallel_training_is_taken_off),
        cmocka_unit_test(test_archives_of_older_versions),
        cmocka_unit_test(test_views_share_their_storage),
        cmocka_unit_test(test_floats_are_read),
        cmocka_unit_test(test_shards),
        cmocka_unit_test(test_what_a_file_is_told_from),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Writing a checkpoint as safetensors: byte for byte what the safetensors package writes for the same tensors. */
#include "support/support.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/file.h"
#include "model/checkpoint.h"
#include "model/safetensors_write.h"
#include "zip_builder.h"

static cs_error error;

static void assert_same_file(const char *a, const char *b) {
    char *first, *second;
    size_t first_size, second_size;
    assert_ok(cs_file_read(a, 1 << 26, &first, &first_size, &error));
    assert_ok(cs_file_read(b, 1 << 26, &second, &second_size, &error));
    assert_int_equal(first_size, second_size);
    assert_memory_equal(first, second, first_size);
    free(first);
    free(second);
}

static int count_files(const char *folder) {
    int count = 0;
    DIR *open = opendir(folder);
    assert_non_null(open);
    for (struct dirent *entry = readdir(open); entry; entry = readdir(open))
        count += entry->d_name[0] != '.';
    closedir(open);
    return count;
}

static char *target_in(const char *folder) {
    char *path = cs_path_join(folder, "out.safetensors");
    assert_non_null(path);
    return path;
}

static void test_same_bytes_as_the_reference(void **state) {
    (void)state;
    static const char *const names[] = {"types",    "module",   "parameters", "parallel",
                                        "training", "old_keys", "zip64",      "views"};
    char source[128], reference[128], *folder = make_folder(), *target = target_in(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(source, sizeof source, "pytorch/%s.bin", names[i]);
        snprintf(reference, sizeof reference, "pytorch/%s.safetensors", names[i]);
        assert_ok(cs_model_convert(test_data(source), target, &error));
        assert_same_file(target, test_data(reference));
        assert_ok(cs_model_convert(test_data(reference), target, &error)); /* safetensors are written again as well */
        assert_same_file(target, test_data(reference));
    }
    assert_int_equal(count_files(folder), 1);
    free(target);
    remove_folder(folder);
}

static void test_shards_become_one_file(void **state) {
    (void)state;
    float out[4];
    cs_checkpoint *checkpoint;
    char *folder = make_folder(), *target = target_in(folder);
    assert_ok(cs_model_convert(test_data("checkpoint/model.safetensors.index.json"), target, &error));
    assert_ok(cs_checkpoint_open(target, &checkpoint, &error));
    assert_int_equal(cs_checkpoint_count(checkpoint), 3);
    assert_ok(cs_checkpoint_read(checkpoint, "a.weight", 2, (const int64_t[]){2, 2}, out, &error));
    assert_true(out[0] == -1 && out[3] == 0.5f);
    assert_ok(cs_checkpoint_read(checkpoint, "c.weight", 2, (const int64_t[]){2, 1}, out, &error));
    assert_true(out[1] == -0.5f);
    cs_checkpoint_close(checkpoint);
    free(target);
    remove_folder(folder);
}

/* A folder with the given file as a copy of types.bin, and perhaps a config of OpenCLIP. */
static void convert_folder(const char *name, int openclip, cs_status status, const char *part) {
    char *bytes, *folder = make_folder(), *path = cs_path_join(folder, name), *target = target_in(folder);
    char *config = cs_path_join(folder, "open_clip_config.json");
    size_t size;
    assert_ok(cs_file_read(test_data("pytorch/types.bin"), 1 << 20, &bytes, &size, &error));
    write_file(path, bytes, size);
    if (openclip) write_file(config, "{}", 2);
    if (status == CS_OK) {
        assert_ok(cs_model_convert(folder, target, &error));
        assert_same_file(target, test_data("pytorch/types.safetensors"));
    } else {
        assert_fails(cs_model_convert(folder, target, &error), status, part);
    }
    free(bytes);
    free(path);
    free(target);
    free(config);
    remove_folder(folder);
}

static void test_model_folders(void **state) {
    (void)state;
    convert_folder("pytorch_model.bin", 0, CS_OK, NULL);
    convert_folder("model.safetensors", 0, CS_OK, NULL); /* the first bytes count, not the name */
    convert_folder("open_clip_pytorch_model.bin", 1, CS_OK, NULL);
    convert_folder("other.bin", 0, CS_ERR_IO, "expected model.safetensors");
    convert_folder("pytorch_model.bin", 1, CS_ERR_IO, "no open_clip_model.safetensors");
}

static void test_over_itself(void **state) {
    (void)state;
    char *bytes, *folder = make_folder(), *target = target_in(folder);
    size_t size;
    assert_ok(cs_file_read(test_data("pytorch/types.bin"), 1 << 20, &bytes, &size, &error));
    write_file(target, bytes, size);
    assert_ok(cs_model_convert(target, target, &error));
    assert_same_file(target, test_data("pytorch/types.safetensors"));
    free(bytes);
    free(target);
    remove_folder(folder);
}

static void test_arguments(void **state) {
    (void)state;
    char *folder = make_folder();
    const char *source = test_data("pytorch/types.bin");
    assert_fails(cs_model_convert(source, "out.bin", &error), CS_ERR_ARGUMENT,
                 "out.bin: expected a file name that ends in .safetensors");
    assert_fails(cs_model_convert(source, "safetensors", &error), CS_ERR_ARGUMENT, "ends in .safetensors");
    assert_fails(cs_model_convert("/nowhere/a.bin", "/nowhere/b.safetensors", &error), CS_ERR_IO, "/nowhere/a.bin");
    source = test_data("pytorch/types.bin");
    assert_fails(cs_model_convert(source, "/nowhere/b.safetensors", &error), CS_ERR_IO, "/nowhere/b.safetensors");
    assert_fails(cs_model_convert(test_data("pytorch/refused/system.bin"), "/nowhere/b.safetensors", &error),
                 CS_ERR_UNSUPPORTED, "posix.system");
    remove_folder(folder);
}

static void test_name_of_the_metadata(void **state) {
    (void)state;
    static zip_builder zip;
    static const char pickle[] = "\x80\2}X\x0c\0\0\0__metadata__" PICKLE_TENSOR "s.";
    char *folder = make_folder(), *source = cs_path_join(folder, "a.bin"), *target = target_in(folder);
    zip_checkpoint(&zip, pickle, sizeof pickle - 1, 0);
    write_file(source, zip.bytes, zip.size);
    assert_fails(cs_model_convert(source, target, &error), CS_ERR_UNSUPPORTED, "tensor '__metadata__'");
    assert_int_equal(count_files(folder), 1);
    free(source);
    free(target);
    remove_folder(folder);
}

static void test_empty_checkpoint(void **state) {
    (void)state;
    static zip_builder zip;
    cs_checkpoint *checkpoint;
    char *folder = make_folder(), *source = cs_path_join(folder, "a.bin"), *target = target_in(folder);
    zip_checkpoint(&zip, "\x80\2}.", 4, 0);
    write_file(source, zip.bytes, zip.size);
    assert_ok(cs_model_convert(source, target, &error));
    assert_ok(cs_checkpoint_open(target, &checkpoint, &error));
    assert_int_equal(cs_checkpoint_count(checkpoint), 0);
    cs_checkpoint_close(checkpoint);
    free(source);
    free(target);
    remove_folder(folder);
}

static void limit_files(rlim_t size) {
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A tensor of more than two of the pieces in which it is written, and no whole number of them. */
static void test_large_tensor(void **state) {
    (void)state;
    static const char header[] = "{\"__metadata__\":{\"format\":\"pt\"},\"a\":{\"dtype\":\"U8\",\"shape\":[40000001],"
                                 "\"data_offsets\":[0,40000001]}}      ";
    size_t length = sizeof header - 1, size = 8 + length + 40000001;
    uint8_t *bytes = calloc(1, size);
    assert_non_null(bytes);
    bytes[0] = (uint8_t)length;
    memcpy(bytes + 8, header, length);
    for (size_t i = 8 + length; i < size; i += 4093)
        bytes[i] = (uint8_t)(i / 4093);
    char *folder = make_folder(), *source = cs_path_join(folder, "a"), *target = target_in(folder);
    write_file(source, bytes, size);
    free(bytes);
    assert_ok(cs_model_convert(source, target, &error));
    assert_same_file(source, target);
    assert_int_equal(remove(target), 0);
    signal(SIGXFSZ, SIG_IGN);
    limit_files(20000000); /* the disk is full in the middle */
    cs_status status = cs_model_convert(source, target, &error);
    limit_files(RLIM_INFINITY);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, CS_ERR_IO);
    assert_non_null(strstr(error.message, "out.safetensors: cannot write: File too large"));
    assert_int_equal(count_files(folder), 1);
    free(source);
    free(target);
    remove_folder(folder);
}

/* A limit on the size of files stands for a full disk: writes fail at that byte. */
static void test_full_disk(void **state) {
    (void)state;
    char source[256], *folder = make_folder(), *target = target_in(folder);
    snprintf(source, sizeof source, "%s", test_data("pytorch/types.bin"));
    signal(SIGXFSZ, SIG_IGN);
    static const rlim_t limits[] = {0, 1, 8, 100, 1500, 1663};
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        limit_files(limits[i]);
        cs_status status = cs_model_convert(source, target, &error);
        limit_files(RLIM_INFINITY);
        assert_int_equal(status, CS_ERR_IO);
        if (!strstr(error.message, "out.safetensors: cannot write: File too large")) fail_msg("%s", error.message);
        assert_int_equal(count_files(folder), 0);
    }
    signal(SIGXFSZ, SIG_DFL);
    free(target);
    remove_folder(folder);
}

/* jansson's own allocations are not counted here. */
static void test_failing_allocations(void **state) {
    (void)state;
    char source[256], *folder = make_folder(), *target = target_in(folder);
    snprintf(source, sizeof source, "%s", test_data("pytorch/types.bin"));
    for (int only_one = 0; only_one < 2; only_one++) {
        cs_status status;
        long n = 0;
        do {
            fail_allocation(n++, only_one);
            status = cs_model_convert(source, target, &error);
            fail_allocation(-1, 0);
            assert_true(status == CS_OK || status == CS_ERR_MEMORY);
            assert_int_equal(count_files(folder), status == CS_OK);
        } while (status != CS_OK);
        assert_true(n > 15);
        assert_same_file(target, test_data("pytorch/types.safetensors"));
        assert_int_equal(remove(target), 0);
    }
    free(target);
    remove_folder(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_bytes_as_the_reference),
        cmocka_unit_test(test_shards_become_one_file),
        cmocka_unit_test(test_model_folders),
        cmocka_unit_test(test_over_itself),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_name_of_the_metadata),
        cmocka_unit_test(test_empty_checkpoint),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_large_tensor),
        cmocka_unit_test(test_failing_allocations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

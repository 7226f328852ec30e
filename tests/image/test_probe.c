/* The size from a file's headers against the size of the decoded picture, on every picture there is. */
#include "support/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "image/probe.h"

static cs_error error;

static void compare_in_memory(const char *path, int expected_width, int expected_height) {
    char *bytes;
    size_t size;
    int width = 0, height = 0;
    assert_ok(cs_file_read(path, 1 << 24, &bytes, &size, &error));
    assert_ok(cs_image_measure(bytes, size, path, &width, &height, &error));
    assert_true(width == expected_width && height == expected_height);
    free(bytes);
}

/* What can be decoded must have the same size here; what cannot may pass, for only its headers are read. */
static int compare(const char *path) {
    cs_image *image;
    int width = 0, height = 0;
    cs_error reason;
    cs_status decoded = cs_image_open(path, NULL, &image, &reason);
    cs_status probed = cs_image_size(path, &width, &height, &error);
    if (decoded != CS_OK) return 0;
    if (probed != CS_OK) fail_msg("%s: %s", path, error.message);
    if (width != cs_image_width(image) || height != cs_image_height(image))
        fail_msg("%s: %d x %d, decoded %d x %d", path, width, height, cs_image_width(image), cs_image_height(image));
    compare_in_memory(path, width, height);
    cs_image_close(image);
    return 1;
}

static int compare_folder(const char *name) {
    int compared = 0;
    char *folder = strdup(name);
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (const struct dirent *entry; (entry = readdir(directory));) {
        char *path = cs_path_join(folder, entry->d_name);
        if (cs_file_exists(path)) compared += compare(path);
        free(path);
    }
    closedir(directory);
    free(folder);
    return compared;
}

static void test_same_as_decoded(void **state) {
    (void)state;
    assert_true(compare_folder(test_data("image")) > 50);
}

static void test_turned(void **state) {
    (void)state;
    static const char *const ends[] = {"jpg", "png", "webp"};
    for (int i = 0; i < 3; i++) {
        int width[2], height[2];
        for (int k = 0; k < 2; k++) {
            char name[64];
            snprintf(name, sizeof name, "image/orientation_%d.%s", k ? 6 : 1, ends[i]);
            assert_ok(cs_image_size(test_data(name), &width[k], &height[k], &error));
        }
        assert_true(width[0] == height[1] && height[0] == width[1] && width[0] != height[0]);
    }
}

static void test_refused(void **state) {
    (void)state;
    int width, height;
    assert_fails(cs_image_size("/nowhere.jpg", &width, &height, &error), CS_ERR_IO, "/nowhere.jpg: expected a file");
    assert_fails(cs_image_size(test_data("image/animated.webp"), &width, &height, &error), CS_ERR_UNSUPPORTED,
                 "animated");
    assert_fails(cs_image_measure("", 0, "a.jpg", &width, &height, &error), CS_ERR_FORMAT, "a.jpg: is empty");
    assert_fails(cs_image_measure("\1\2\3\4", 4, "a.jpg", &width, &height, &error), CS_ERR_FORMAT, "a.jpg: is not");
    assert_fails(cs_image_size(test_data("image/decode.tsv"), &width, &height, &error), CS_ERR_UNSUPPORTED,
                 "clipsight reads JPEG, PNG and WebP");
}

/* Cut off anywhere: an error, or the size. */
static void check_cut(const char *name, const char *folder) {
    char *bytes, *path = cs_path_join(folder, "cut");
    size_t size;
    int width, height, cut_width, cut_height, refused = 0;
    char *whole = strdup(test_data(name));
    assert_ok(cs_file_read(whole, 1 << 20, &bytes, &size, &error));
    assert_ok(cs_image_size(whole, &width, &height, &error));
    write_file(path, bytes, size);
    for (size_t length = size < 700 ? size : 700; length-- > 0;) {
        assert_int_equal(truncate(path, (off_t)length), 0);
        if (cs_image_size(path, &cut_width, &cut_height, &error) != CS_OK)
            refused++;
        else if (cut_width * cut_height != width * height) /* the part that turns it may be cut off */
            fail_msg("%s cut off at %zu: %d x %d", name, length, cut_width, cut_height);
    }
    assert_true(refused >= 24);
    free(whole);
    free(bytes);
    free(path);
}

static void test_cut_off(void **state) {
    (void)state;
    char *folder = make_folder();
    check_cut("image/orientation_6.jpg", folder);
    check_cut("image/orientation_6.png", folder);
    check_cut("image/orientation_6.webp", folder);
    check_cut("image/lossy.webp", folder);
    check_cut("image/lossless.webp", folder);
    remove_folder(folder);
}

/* Bytes 0xFF may fill the room before a marker, and cameras leave stray ones. */
static void test_bytes_between_segments(void **state) {
    (void)state;
    static const char between[] = "\xFF\xFF\xFF\0\x12\xFF\xFF";
    char *bytes, *folder = make_folder(), *path = cs_path_join(folder, "a.jpg");
    size_t size;
    int width, height;
    assert_ok(cs_file_read(test_data("image/orientation_6.jpg"), 1 << 20, &bytes, &size, &error));
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    fwrite(bytes, 1, 2, file);
    fwrite(between, 1, sizeof between - 1, file);
    fwrite(bytes + 2, 1, size - 2, file);
    assert_int_equal(fclose(file), 0);
    assert_ok(cs_image_size(path, &width, &height, &error));
    assert_int_equal(compare(path), 1);
    free(bytes);
    free(path);
    remove_folder(folder);
}

static void test_voc2012_100(void **state) {
    (void)state;
    const char *folder = shared_data("voc2012_100/images");
    if (!folder) skip();
    assert_int_equal(compare_folder(folder), 100);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_as_decoded),
                                       cmocka_unit_test(test_turned),
                                       cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_cut_off),
                                       cmocka_unit_test(test_bytes_between_segments),
                                       cmocka_unit_test(test_voc2012_100)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

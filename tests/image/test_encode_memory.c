/* Pictures encoded in memory are what is written to files. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static void equals_the_file(const char *kind) {
    cs_error error;
    cs_image *image;
    char *folder = make_folder(), name[32], *path, *encoded, *written;
    size_t encoded_size, written_size;
    snprintf(name, sizeof name, "a.%s", kind);
    path = cs_path_join(folder, name);
    assert_ok(cs_image_open(test_data("image/source.png"), NULL, &image, &error));
    assert_ok(cs_image_save(image, path, &error));
    assert_ok(cs_file_read(path, 1 << 20, &written, &written_size, &error));
    assert_ok(cs_image_encode(image, kind, &encoded, &encoded_size, &error));
    assert_int_equal(encoded_size, written_size);
    assert_memory_equal(encoded, written, written_size);
    cs_string_free(encoded);
    free(written);
    free(path);
    cs_image_close(image);
    remove_folder(folder);
}

static void every_kind(void **state) {
    (void)state;
    equals_the_file("png");
    equals_the_file("jpg");
    equals_the_file("webp");
}

static void refuses(void **state) {
    (void)state;
    cs_error error;
    cs_image *image;
    char *bytes;
    size_t size;
    assert_ok(cs_image_open(test_data("image/source.png"), NULL, &image, &error));
    assert_fails(cs_image_encode(image, "gif", &bytes, &size, &error), CS_ERR_ARGUMENT, "'gif': expected png");
    assert_fails(cs_image_encode(NULL, "png", &bytes, &size, &error), CS_ERR_ARGUMENT, "must be given");
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_kind), cmocka_unit_test(refuses)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

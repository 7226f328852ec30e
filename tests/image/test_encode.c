/* Pictures written and read again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "image/codec.h"
#include "image/image.h"
#include "support/support.h"

typedef struct place {
    char *folder, *path;
} place;

static place place_for(const char *name) {
    place p = {make_folder(), NULL};
    p.path = cs_path_join(p.folder, name);
    assert_non_null(p.path);
    return p;
}

static void leave(place p) {
    free(p.path);
    remove_folder(p.folder);
}

static cs_image *open_source(void) {
    cs_error error;
    cs_image *image;
    assert_ok(cs_image_open(test_data("image/source.png"), NULL, &image, &error));
    return image;
}

/* Mean absolute difference between a picture and what comes back from a file of this name; `magic` begins the file. */
static double written_and_read(const char *name, const char *magic) {
    cs_error error;
    place p = place_for(name);
    cs_image *image = open_source(), *again;
    assert_ok(cs_image_save(image, p.path, &error));
    char *bytes;
    size_t size;
    assert_ok(cs_file_read(p.path, 1 << 20, &bytes, &size, &error));
    assert_memory_equal(bytes, magic, strlen(magic));
    free(bytes);
    assert_ok(cs_image_open(p.path, NULL, &again, &error));
    assert_int_equal(cs_image_width(again), 90);
    assert_int_equal(cs_image_height(again), 60);
    long difference = 0, n = 90 * 60 * 3;
    for (long i = 0; i < n; i++)
        difference += abs(image->pixels[i] - again->pixels[i]);
    cs_image_close(image);
    cs_image_close(again);
    leave(p);
    return (double)difference / (double)n;
}

static void test_png_is_lossless(void **state) {
    (void)state;
    assert_true(written_and_read("a.png", "\x89PNG") == 0);
    assert_true(written_and_read("A.PNG", "\x89PNG") == 0);
}

/* The picture is grainy: 4.9 levels for JPEG, and 8.6 if colour were stored at half resolution, as WebP does (8.1). */
static void test_jpeg_and_webp_are_close(void **state) {
    (void)state;
    double jpeg = written_and_read("a.jpg", "\xFF\xD8\xFF"), webp = written_and_read("a.webp", "RIFF");
    assert_true(jpeg > 0 && jpeg < 6);
    assert_true(written_and_read("a.b.JPEG", "\xFF\xD8\xFF") == jpeg);
    assert_true(webp > 0 && webp < 10);
}

static void test_names(void **state) {
    (void)state;
    assert_true(cs_image_is_supported_name("a.jpg") && cs_image_is_supported_name("/x.y/A.JPEG"));
    assert_true(cs_image_is_supported_name("a.PnG") && cs_image_is_supported_name("a.b.webp"));
    assert_false(cs_image_is_supported_name("a.gif") || cs_image_is_supported_name("jpg"));
    assert_false(cs_image_is_supported_name("/x.png/a") || cs_image_is_supported_name("a.jpg~"));
    assert_false(cs_image_is_supported_name("") || cs_image_is_supported_name(NULL));
}

static void test_refusals_leave_nothing(void **state) {
    (void)state;
    cs_error error;
    place p = place_for("a.gif");
    cs_image *image = open_source();
    assert_fails(cs_image_save(image, p.path, &error), CS_ERR_ARGUMENT, "a.gif");
    assert_false(cs_file_exists(p.path));
    assert_fails(cs_image_save(image, "/nowhere/at/all.png", &error), CS_ERR_IO, "/nowhere/at/all.png");
    cs_image_close(image);
    leave(p);
}

/* Formats with a limit of their own on the sides say so, and no file appears. */
static void test_too_wide_for_the_format(void **state) {
    (void)state;
    static const char *const names[] = {"wide.jpg", "wide.webp"};
    cs_error error;
    cs_image *image;
    assert_ok(cs_image_create(70000, 1, &image, &error));
    memset(image->pixels, 0, 70000 * 3);
    for (int i = 0; i < 2; i++) {
        place p = place_for(names[i]);
        assert_fails(cs_image_save(image, p.path, &error), CS_ERR_LIMIT, names[i]);
        assert_false(cs_file_exists(p.path));
        leave(p);
    }
    cs_image_close(image);
}

/* A device that is always full: the encoder fails, or closing the file does. */
static void test_full_disk(void **state) {
    (void)state;
    static cs_status (*const encoders[])(const cs_image *, FILE *, cs_error *) = {
        cs_image_encode_png, cs_image_encode_jpeg, cs_image_encode_webp};
    cs_image *image = open_source();
    for (int i = 0; i < 3; i++) {
        cs_error error = {CS_OK, ""};
        FILE *file = fopen("/dev/full", "wb");
        if (!file) break;
        cs_status status = encoders[i](image, file, &error);
        int closed_badly = fclose(file) != 0;
        assert_true(closed_badly || status == CS_ERR_IO);
        if (status != CS_OK) assert_int_equal(error.code, CS_ERR_IO);
    }
    cs_image_close(image);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_png_is_lossless),
        cmocka_unit_test(test_jpeg_and_webp_are_close),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_refusals_leave_nothing),
        cmocka_unit_test(test_too_wide_for_the_format),
        cmocka_unit_test(test_full_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

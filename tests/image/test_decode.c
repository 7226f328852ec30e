/* Decoded pictures against Pillow's, and what is said of everything else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "checksum.h"
#include "image/image.h"
#include "support/support.h"

static const char *data_file(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "image/%s", name);
    return test_data(path);
}

static cs_image *open_image(const char *name) {
    cs_error error;
    cs_image *image = NULL;
    assert_ok(cs_image_open(data_file(name), NULL, &image, &error));
    return image;
}

static size_t bytes_of(const cs_image *image) {
    return (size_t)cs_image_width(image) * (size_t)cs_image_height(image) * 3;
}

static void test_pixels_equal_pillows(void **state) {
    (void)state;
    FILE *list = fopen(data_file("decode.tsv"), "r");
    assert_non_null(list);
    char name[64];
    int width, height, n = 0;
    unsigned crc;
    while (fscanf(list, "%63s %d %d %x", name, &width, &height, &crc) == 4) {
        cs_image *image = open_image(name);
        if (cs_image_width(image) != width || cs_image_height(image) != height)
            fail_msg("%s: %d x %d, expected %d x %d", name, cs_image_width(image), cs_image_height(image), width,
                     height);
        unsigned found = checksum(cs_image_pixels(image), bytes_of(image));
        if (found != crc) fail_msg("%s: pixels with CRC %08x, expected %08x", name, found, crc);
        cs_image_close(image);
        n++;
    }
    fclose(list);
    assert_true(n > 60);
}

/* The same in the open, for one file of each sort: names the first pixel that differs. */
static void compare_raw(const char *name) {
    char raw_name[64];
    snprintf(raw_name, sizeof raw_name, "%s.rgb", name);
    cs_error error;
    char *expected;
    size_t size;
    assert_ok(cs_file_read(data_file(raw_name), 1 << 20, &expected, &size, &error));
    cs_image *image = open_image(name);
    assert_int_equal(size, bytes_of(image));
    for (size_t i = 0; i < size; i++) {
        if (cs_image_pixels(image)[i] != (uint8_t)expected[i])
            fail_msg("%s: sample %zu is %d, expected %d", name, i, cs_image_pixels(image)[i], (uint8_t)expected[i]);
    }
    cs_image_close(image);
    free(expected);
}

static void test_pixels_in_the_open(void **state) {
    (void)state;
    compare_raw("small.jpg");
    compare_raw("cmyk.jpg");
    compare_raw("palette_alpha.png");
    compare_raw("alpha.webp");
}

static void test_cap_is_checked_first(void **state) {
    (void)state;
    static const char *const names[] = {"444.jpg", "rgb.png", "lossy.webp"};
    static const uint64_t pixels[] = {45 * 31, 21 * 14, 33 * 22};
    cs_error error;
    for (int i = 0; i < 3; i++) {
        cs_image *image = NULL;
        cs_image_options options = {pixels[i] - 1};
        assert_fails(cs_image_open(data_file(names[i]), &options, &image, &error), CS_ERR_LIMIT, "--max-pixels");
        assert_non_null(strstr(error.message, names[i]));
        assert_null(image);
        options.max_pixels++;
        assert_ok(cs_image_open(data_file(names[i]), &options, &image, &error));
        cs_image_close(image);
    }
}

/* A header that promises 20000 x 20000 pixels, and nothing behind it. */
static void test_default_cap(void **state) {
    (void)state;
    cs_error error;
    char *bytes;
    size_t size;
    assert_ok(cs_file_read(data_file("444.jpg"), 1 << 20, &bytes, &size, &error));
    for (size_t i = 0; i + 9 < size; i++) {
        if ((uint8_t)bytes[i] != 0xFF || (uint8_t)bytes[i + 1] != 0xC0) continue;
        memcpy(bytes + i + 5, "\x4E\x20\x4E\x20", 4);
        break;
    }
    cs_image *image = NULL;
    assert_fails(cs_image_decode(bytes, size, "huge.jpg", NULL, &image, &error), CS_ERR_LIMIT,
                 "huge.jpg: 20000 x 20000 is 400000000 pixels, more than the cap of 268435456");
    free(bytes);
}

static void test_other_kinds_are_named(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        cs_status status;
        const char *part;
    } cases[] = {
        {"GIF89a....", 10, CS_ERR_UNSUPPORTED, "is a GIF picture; clipsight reads JPEG, PNG and WebP"},
        {"\0\0\0\x18"
         "ftypheic",
         12, CS_ERR_UNSUPPORTED, "is a HEIC picture"},
        {"\0\0\0\x18"
         "ftypavif",
         12, CS_ERR_UNSUPPORTED, "is an AVIF picture"},
        {"\0\0\0\x18"
         "ftypisom",
         12, CS_ERR_UNSUPPORTED, "is a video"},
        {"II*\0\x08\0\0\0", 8, CS_ERR_UNSUPPORTED, "is a TIFF picture"},
        {"MM\0*\0\0\0\x08", 8, CS_ERR_UNSUPPORTED, "is a TIFF picture"},
        {"BM\0\0\0\0", 6, CS_ERR_UNSUPPORTED, "is a BMP picture"},
        {"P6 1 1 255\nabc", 14, CS_ERR_UNSUPPORTED, "is a portable pixmap"},
        {"%PDF-1.7", 8, CS_ERR_UNSUPPORTED, "is a PDF document"},
        {"<svg xmlns=", 11, CS_ERR_UNSUPPORTED, "is an SVG drawing"},
        {"hello, world\n", 13, CS_ERR_UNSUPPORTED, "is a text file"},
        {"version https://git-lfs.github.com", 34, CS_ERR_UNSUPPORTED, "is a Git LFS pointer"},
        {"\x01\x02\x03", 3, CS_ERR_FORMAT, "is not a picture of a known kind"},
        {"", 0, CS_ERR_FORMAT, "is empty"},
        {"\xFF\xD8\xFF", 3, CS_ERR_FORMAT, "damaged JPEG file"},
        {"\x89PNG\r\n\x1A\n", 8, CS_ERR_FORMAT, "damaged PNG file"},
        {"RIFF\4\0\0\0WEBP", 12, CS_ERR_FORMAT, "damaged WebP file"},
    };
    cs_error error;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cs_image *image = NULL;
        assert_fails(cs_image_decode(cases[i].bytes, cases[i].size, "x.gif", NULL, &image, &error), cases[i].status,
                     cases[i].part);
        assert_non_null(strstr(error.message, "x.gif"));
        assert_null(image);
    }
}

static void test_animation_is_refused(void **state) {
    (void)state;
    cs_error error;
    cs_image *image = NULL;
    assert_fails(cs_image_open(data_file("animated.webp"), NULL, &image, &error), CS_ERR_UNSUPPORTED,
                 "is an animated WebP");
}

static void test_missing_file_and_folder(void **state) {
    (void)state;
    cs_error error;
    cs_image *image = NULL;
    assert_fails(cs_image_open(data_file("absent.jpg"), NULL, &image, &error), CS_ERR_IO, "absent.jpg");
    assert_fails(cs_image_open(test_data("image"), NULL, &image, &error), CS_ERR_IO, "folder");
    assert_int_equal(cs_image_open(NULL, NULL, &image, &error), CS_ERR_ARGUMENT);
    assert_int_equal(cs_image_decode("x", 1, "x", NULL, NULL, &error), CS_ERR_ARGUMENT);
}

static void test_from_rgb_honours_the_stride(void **state) {
    (void)state;
    cs_error error;
    static const uint8_t pixels[2][10] = {{1, 2, 3, 4, 5, 6, 99, 99, 99, 99}, {7, 8, 9, 10, 11, 12, 99, 99, 99, 99}};
    static const uint8_t expected[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    cs_image *image;
    assert_ok(cs_image_from_rgb(&pixels[0][0], 2, 2, 10, &image, &error));
    assert_memory_equal(cs_image_pixels(image), expected, 12);
    cs_view last = cs_view_crop(cs_image_view(image), 1, 1, 1, 1);
    assert_int_equal(last.pixels[0], 10);
    cs_image_close(image);
    assert_ok(cs_image_from_rgb(expected, 2, 2, 0, &image, &error));
    assert_memory_equal(cs_image_pixels(image), expected, 12);
    cs_image_close(image);
    assert_fails(cs_image_from_rgb(expected, 2, 2, 5, &image, &error), CS_ERR_ARGUMENT, "at least 6");
    assert_fails(cs_image_from_rgb(expected, 0, 2, 0, &image, &error), CS_ERR_ARGUMENT, "0 x 2");
    cs_image_close(NULL);
}

/* The first `scans` scans of a progressive grey file are its first one again and again, made to carry all bits of what
 * it holds: no rule but the limit is broken. *size becomes the length. */
static char *make_scan_bomb(size_t scans, size_t *size) {
    cs_error error;
    char *bytes;
    assert_ok(cs_file_read(data_file("grey_progressive.jpg"), 1 << 20, &bytes, size, &error));
    size_t starts[2] = {0, 0}, found = 0;
    for (size_t i = 0; i + 1 < *size && found < 2; i++)
        if (memcmp(bytes + i, "\xFF\xDA", 2) == 0) starts[found++] = i;
    bytes[starts[0] + 9] = 0; /* successive approximation: none before, none to come */
    /* Behind the scan stands the table for the next: it does no harm here. */
    size_t head = starts[0], piece = starts[1] - starts[0];
    *size = head + piece * scans + 2;
    char *bomb = malloc(*size);
    memcpy(bomb, bytes, head);
    for (size_t i = 0; i < scans; i++)
        memcpy(bomb + head + i * piece, bytes + head, piece);
    memcpy(bomb + *size - 2, "\xFF\xD9", 2);
    free(bytes);
    return bomb;
}

static void test_scans_are_limited(void **state) {
    (void)state;
    cs_error error;
    cs_image *image = NULL;
    size_t size;
    char *bomb = make_scan_bomb(1000, &size);
    assert_fails(cs_image_decode(bomb, size, "bomb.jpg", NULL, &image, &error), CS_ERR_LIMIT, "more than 100 scans");
    assert_null(image);
    free(bomb);
    bomb = make_scan_bomb(50, &size);
    assert_ok(cs_image_decode(bomb, size, "odd.jpg", NULL, &image, &error));
    cs_image_close(image);
    free(bomb);
}

static char *read_data(const char *name, size_t *size) {
    cs_error error;
    char *bytes;
    assert_ok(cs_file_read(data_file(name), 1 << 20, &bytes, size, &error));
    return bytes;
}

/* Every pixel is there, but the end is not: a comment stands before it, and is cut off. */
static void test_jpeg_cut_behind_the_pixels(void **state) {
    (void)state;
    cs_error error;
    cs_image *image = NULL;
    size_t size;
    char *bytes = read_data("444.jpg", &size);
    bytes = realloc(bytes, size + 8);
    memcpy(bytes + size - 2, "\xFF\xFE\0\x04hi\xFF\xD9", 8);
    assert_ok(cs_image_decode(bytes, size + 6, "whole.jpg", NULL, &image, &error));
    cs_image_close(image);
    assert_fails(cs_image_decode(bytes, size + 3, "cut.jpg", NULL, &image, &error), CS_ERR_FORMAT, "cut.jpg: damaged");
    free(bytes);
}

static int decoded_width(const char *bytes, size_t size) {
    cs_error error;
    cs_image *image;
    assert_ok(cs_image_decode(bytes, size, "oriented", NULL, &image, &error));
    int width = cs_image_width(image);
    cs_image_close(image);
    return width;
}

/* An EXIF chunk that claims to be longer than the file is not believed. */
static void test_webp_exif_beyond_the_end(void **state) {
    (void)state;
    size_t size;
    char *bytes = read_data("orientation_6.webp", &size);
    assert_int_equal(decoded_width(bytes, size), 8);
    for (size_t i = 0; i + 8 < size; i++)
        if (memcmp(bytes + i, "EXIF", 4) == 0) bytes[i + 4] = (char)(bytes[i + 4] + 4);
    assert_int_equal(decoded_width(bytes, size), 13);
    free(bytes);
}

/* What stands behind a PNG's end is no part of it. */
static void test_png_exif_behind_the_end(void **state) {
    (void)state;
    size_t size, other_size;
    char *bytes = read_data("orientation_1.png", &size), *other = read_data("orientation_late.png", &other_size);
    assert_int_equal(decoded_width(other, other_size), 8);
    const char *chunk = memmem(other, other_size, "eXIf", 4);
    char *plain = memmem(bytes, size, "eXIf", 4);
    memcpy(plain, "teXt", 4); /* hides the first chunk; its checksum is wrong now, but nobody reads it */
    size_t length = (size_t)(other + other_size - (chunk - 4));
    bytes = realloc(bytes, size + length);
    memcpy(bytes + size, chunk - 4, length);
    assert_int_equal(decoded_width(bytes, size + length), 13);
    free(bytes);
    free(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pixels_equal_pillows),     cmocka_unit_test(test_pixels_in_the_open),
        cmocka_unit_test(test_cap_is_checked_first),     cmocka_unit_test(test_default_cap),
        cmocka_unit_test(test_other_kinds_are_named),    cmocka_unit_test(test_animation_is_refused),
        cmocka_unit_test(test_missing_file_and_folder),  cmocka_unit_test(test_from_rgb_honours_the_stride),
        cmocka_unit_test(test_scans_are_limited),        cmocka_unit_test(test_jpeg_cut_behind_the_pixels),
        cmocka_unit_test(test_webp_exif_beyond_the_end), cmocka_unit_test(test_png_exif_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

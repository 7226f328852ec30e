/* Memory that runs out at every point, and files that are damaged in every place: an error or a picture, no crash, no
 * leak (the address sanitizer sees both). */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "checksum.h"
#include "image/codec.h"
#include "image/resample.h"
#include "support/random.h"
#include "support/support.h"

static const char *data_file(const char *name) {
    static char path[512];
    snprintf(path, sizeof path, "image/%s", name);
    return test_data(path);
}

/* Nothing here can do without any of its memory. */
static void fail_each(const char *name, cs_status (*action)(void *, cs_error *), void *context) {
    assert_int_equal(fail_each_allocation(name, action, context), 0);
}

static cs_status open_once(void *context, cs_error *error) {
    cs_image *image = NULL;
    cs_status status = cs_image_open(context, NULL, &image, error);
    cs_image_close(image);
    return status;
}

static void test_decoding_without_memory(void **state) {
    (void)state;
    static const char *const names[] = {
        "444.jpg",           "progressive.jpg",     "cmyk.jpg",          "orientation_6.jpg", "rgb.png",
        "palette_alpha.png", "interlaced_rgba.png", "orientation_6.png", "lossy.webp",        "alpha.webp",
        "orientation_6.webp"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s", data_file(names[i]));
        fail_each(names[i], open_once, path);
    }
}

typedef struct saving {
    cs_image *image;
    char *path;
} saving;

static cs_status save_once(void *context, cs_error *error) {
    const saving *s = context;
    return cs_image_save(s->image, s->path, error);
}

/* Each attempt ends with a whole file or none. */
static void test_saving_without_memory(void **state) {
    (void)state;
    static const char *const names[] = {"a.png", "a.jpg", "a.webp"};
    cs_error error;
    saving s;
    assert_ok(cs_image_open(data_file("rgb.png"), NULL, &s.image, &error));
    for (int i = 0; i < 3; i++) {
        char *folder = make_folder();
        s.path = cs_path_join(folder, names[i]);
        fail_each(names[i], save_once, &s);
        assert_int_equal(unlink(s.path), 0);
        assert_int_equal(rmdir(folder), 0); /* fails where a temporary file was left behind */
        free(s.path);
        free(folder);
    }
    cs_image_close(s.image);
}

/* Old and new sizes of a resize that runs on two threads. */
typedef struct resizing {
    int from[2], to[2];
    cs_filter filter;
} resizing;

static cs_status resize_once(void *context, cs_error *error) {
    static uint8_t source[300 * 300 * 3], out[300 * 300 * 3];
    const resizing *r = context;
    cs_view view = {source, (size_t)r->from[0] * 3, r->from[0], r->from[1]};
    return cs_resample(view, r->to[0], r->to[1], r->filter, 2, out, (size_t)r->to[0] * 3, error);
}

static void test_resizing_without_memory(void **state) {
    (void)state;
    resizing cases[] = {
        {{300, 300}, {200, 250}, CS_FILTER_BICUBIC}, {{90, 300}, {80, 100}, CS_FILTER_LANCZOS},
        {{300, 300}, {300, 80}, CS_FILTER_BILINEAR}, {{300, 300}, {80, 300}, CS_FILTER_BILINEAR},
        {{300, 300}, {10, 10}, CS_FILTER_NEAREST},
    };
    /* OpenMP sets up its threads at the first use, and ends the process where it cannot: that is not ours to test. */
    cs_error error;
    assert_ok(resize_once(&cases[0], &error));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        fail_each("resize", resize_once, &cases[i]);
}

static cs_status copy_once(void *context, cs_error *error) {
    static const uint8_t pixels[12];
    (void)context;
    cs_image *image = NULL;
    cs_status status = cs_image_from_rgb(pixels, 2, 2, 0, &image, error);
    cs_image_close(image);
    return status;
}

static void test_copying_without_memory(void **state) {
    (void)state;
    fail_each("copy", copy_once, NULL);
}

/* Decodes from a block of exactly this size; frees whatever comes out. */
static cs_status decode_exactly(const char *bytes, size_t size, cs_error *error) {
    char *copy = malloc(size ? size : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    cs_image_options options = {1 << 20};
    cs_image *image = NULL;
    cs_status status = cs_image_decode(copy, size, "damaged", &options, &image, error);
    assert_true((status == CS_OK) == (image != NULL));
    cs_image_close(image);
    free(copy);
    return status;
}

typedef void (*damage)(const char *name, const char *bytes, size_t size);

static int is_picture(const char *name) {
    return cs_image_is_supported_name(name) && strcmp(name, "source.png") != 0;
}

static void for_each_file(damage work) {
    DIR *folder = opendir(test_data("image"));
    assert_non_null(folder);
    int n = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!is_picture(entry->d_name)) continue;
        cs_error error;
        char *bytes;
        size_t size;
        assert_ok(cs_file_read(data_file(entry->d_name), 1 << 20, &bytes, &size, &error));
        work(entry->d_name, bytes, size);
        free(bytes);
        n++;
    }
    closedir(folder);
    assert_true(n > 60);
}

/* The sentence for a file of 16 bytes or more that is cut short is that it is damaged; of less not even the kind may be
 * recognised. */
static void cut(const char *name, const char *bytes, size_t size) {
    for (size_t length = 0; length < size; length++) {
        cs_error error = {CS_OK, ""};
        cs_status status = decode_exactly(bytes, length, &error);
        int expected = length < 16 ? status != CS_OK : status == CS_ERR_FORMAT;
        if (!expected && strcmp(name, "animated.webp") != 0)
            fail_msg("%s cut to %zu of %zu bytes: %s, \"%s\"", name, length, size, cs_status_name(status),
                     error.message);
    }
}

static void test_files_cut_at_every_length(void **state) {
    (void)state;
    for_each_file(cut);
}

/* Flips one to eight bits at a time. */
static void flip(const char *name, const char *bytes, size_t size) {
    uint32_t seed = checksum(name, strlen(name)) | 1;
    char *damaged = malloc(size);
    assert_non_null(damaged);
    for (int round = 0; round < 300; round++) {
        memcpy(damaged, bytes, size);
        for (uint32_t i = 0; i < 1u + (uint32_t)round % 8; i++) {
            uint32_t bit = next_random(&seed) % (uint32_t)(size * 8);
            damaged[bit / 8] = (char)(damaged[bit / 8] ^ 1 << bit % 8);
        }
        cs_error error;
        decode_exactly(damaged, size, &error);
    }
    free(damaged);
}

static void test_flipped_bits(void **state) {
    (void)state;
    for_each_file(flip);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decoding_without_memory),   cmocka_unit_test(test_saving_without_memory),
        cmocka_unit_test(test_resizing_without_memory),   cmocka_unit_test(test_copying_without_memory),
        cmocka_unit_test(test_files_cut_at_every_length), cmocka_unit_test(test_flipped_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

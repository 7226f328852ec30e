/* Calibration where memory is short, and calibration files cut short or damaged anywhere. */
#include "eval/calibration_scene.h"

#include "eval/calibrate.h"

static cs_error error;

/* Where the calibration goes, through folders that are made for it. */
static char path[4096];

static int open_scene_and_name(void **state) {
    open_scene(state);
    const scene *s = *state;
    snprintf(path, sizeof path, "%s/new/folder/calibration.json", s->folder);
    return 0;
}

/* Everything from the first photograph to the file; the backgrounds are encoded in the first round that gets there. */
static cs_status calibrate(scene *s) {
    cs_calibration_fit *fit;
    char *written = NULL;
    const cs_detect_options options = {.localize = {.patch = 15}, .negatives = s->prompts};
    cs_status status = cs_calibration_fit_create(s->model, s->prompts, &options, &fit, &error);
    if (status != CS_OK) return status;
    for (size_t photo = 0; status == CS_OK && photo < cs_dataset_count(s->dataset); photo++)
        status = cs_calibration_fit_add(fit, s->dataset, photo, s->image, &error);
    if (status == CS_OK) status = cs_calibration_fit_solve(fit, NULL, &error);
    if (status == CS_OK) status = cs_calibration_fit_save(fit, path, &written, &error);
    assert_true((status == CS_OK) == (written != NULL));
    cs_string_free(written);
    cs_calibration_fit_destroy(fit);
    return status;
}

static void each_allocation_may_fail(void **state) {
    scene *s = *state;
    long count = 0, refused = 0;
    /* the first rounds fail while the backgrounds are encoded; once that is done they are kept */
    for (long n = 0; n < 100000; n++) {
        error.message[0] = '\0';
        fail_allocation(n, 1);
        cs_status status = calibrate(s);
        long made = allocations_made();
        fail_allocation(-1, 0);
        if (status != CS_OK) assert_int_equal(status, CS_ERR_MEMORY);
        if (status != CS_OK) assert_true(error.message[0] != '\0');
        refused += status != CS_OK;
        count = n;
        if (status == CS_OK && made <= n) break;
    }
    print_message("%ld allocations, %ld refusals for want of memory\n", count, refused);
    assert_true(refused > 50 && refused >= count - 20);
}

/* Whatever is in the file: an error that names it, or numbers within their bounds. */
static cs_status read_bytes(const char *bytes, size_t size) {
    char damaged[4200];
    cs_calibration read = {.is_set = 0};
    snprintf(damaged, sizeof damaged, "%s.damaged", path);
    write_file(damaged, bytes, size);
    cs_status status = cs_calibration_read(damaged, &read, &error);
    if (status != CS_OK) assert_non_null(strstr(error.message, damaged));
    if (status == CS_OK) assert_true(read.evidence >= 0 && read.spread >= 0 && read.min_score <= 1);
    if (status == CS_OK) assert_int_equal(strlen(read.weights), 16);
    return status;
}

static void damaged_files_do_no_harm(void **state) {
    scene *s = *state;
    char *bytes;
    size_t size;
    uint32_t seed = 2463534242u;
    int refused = 0;
    assert_ok(calibrate(s));
    assert_ok(cs_file_read(path, 1 << 20, &bytes, &size, &error));
    for (size_t length = 0; length + 2 < size; length++)
        assert_int_equal(read_bytes(bytes, length), CS_ERR_FORMAT);
    for (int round = 0; round < 2000; round++) {
        seed = seed * 1664525u + 1013904223u;
        char *at = &bytes[(seed >> 8) % size], kept = *at;
        *at = (char)(seed >> 24);
        refused += read_bytes(bytes, size) != CS_OK;
        *at = kept;
    }
    assert_true(refused > 500);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_allocation_may_fail, open_scene_and_name, close_scene),
        cmocka_unit_test_setup_teardown(damaged_files_do_no_harm, open_scene_and_name, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Calibration where memory is short, and calibration files cut short or damaged anywhere. */
#include "parity/made_model.h"

#include "eval/calibrate.h"

static cs_error error;

typedef struct scene {
    char *folder;
    cs_model *model;
    cs_prompts *prompts;
    cs_dataset *dataset;
    cs_image *image;
    char path[4096];
} scene;

static int open_scene(void **state) {
    static scene s;
    const char *labels[8];
    const cs_model_options options = {.threads = 1, .batch = 4};
    s.folder = make_model("hf-tiny");
    snprintf(s.path, sizeof s.path, "%s/new/folder/calibration.json", s.folder);
    assert_ok(cs_model_open(s.folder, &options, &s.model, &error));
    assert_ok(cs_dataset_open(test_data("eval/voc"), &s.dataset, &error));
    size_t classes = cs_dataset_class_count(s.dataset);
    for (size_t i = 0; i < classes; i++)
        labels[i] = cs_dataset_class(s.dataset, i);
    assert_ok(cs_prompts_create(s.model, labels, classes, NULL, &s.prompts, &error));
    assert_ok(cs_image_open(test_data("models/pictures/wide.png"), NULL, &s.image, &error));
    *state = &s;
    return 0;
}

static int close_scene(void **state) {
    scene *s = *state;
    cs_image_close(s->image);
    cs_dataset_close(s->dataset);
    cs_prompts_destroy(s->prompts);
    cs_model_close(s->model);
    remove_folder(s->folder);
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
    if (status == CS_OK) status = cs_calibration_fit_save(fit, s->path, &written, &error);
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
static cs_status read_bytes(scene *s, const char *bytes, size_t size) {
    char path[4200];
    cs_calibration read = {.is_set = 0};
    snprintf(path, sizeof path, "%s.damaged", s->path);
    write_file(path, bytes, size);
    cs_status status = cs_calibration_read(path, &read, &error);
    if (status != CS_OK) assert_non_null(strstr(error.message, path));
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
    assert_ok(cs_file_read(s->path, 1 << 20, &bytes, &size, &error));
    for (size_t length = 0; length + 2 < size; length++)
        assert_int_equal(read_bytes(s, bytes, length), CS_ERR_FORMAT);
    for (int round = 0; round < 2000; round++) {
        seed = seed * 1664525u + 1013904223u;
        char *at = &bytes[(seed >> 8) % size], kept = *at;
        *at = (char)(seed >> 24);
        refused += read_bytes(s, bytes, size) != CS_OK;
        *at = kept;
    }
    assert_true(refused > 500);
    free(bytes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_allocation_may_fail, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(damaged_files_do_no_harm, open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

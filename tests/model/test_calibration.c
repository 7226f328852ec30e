/* Calibrations on disk: whose they are, where they are looked for, and what is refused. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "model/calibration.h"

static cs_error error;

static const char weights_file[] = "checkpoint/types.safetensors";

typedef struct scene {
    char *folder;      /* of the test */
    char users[1024];  /* the user's calibration */
    char models[1024]; /* the model's */
    cs_checkpoint *checkpoint;
    char weights[CS_WEIGHTS_ID_SIZE];
} scene;

static int begin(void **state) {
    static scene s;
    char path[512];
    s.folder = make_folder();
    assert_ok(cs_checkpoint_open(test_data(weights_file), &s.checkpoint, &error));
    cs_weights_id(s.checkpoint, s.weights);
    snprintf(path, sizeof path, "%s/data/clipsight/calibration", s.folder);
    assert_ok(cs_make_folders(path, &error));
    snprintf(s.users, sizeof s.users, "%s/%s.json", path, s.weights);
    snprintf(s.models, sizeof s.models, "%s/calibration.json", s.folder);
    snprintf(path, sizeof path, "%s/data", s.folder);
    setenv("XDG_DATA_HOME", path, 1);
    *state = &s;
    return 0;
}

static int end(void **state) {
    scene *s = *state;
    cs_checkpoint_close(s->checkpoint);
    remove_folder(s->folder);
    return 0;
}

static cs_calibration sample_of(const char *weights, double min_score) {
    cs_calibration made = {.is_set = 1,
                           .method = "dense",
                           .intercept = -1.25,
                           .evidence = 1.5,
                           .spread = 0.1,
                           .min_score = min_score,
                           .photographs = 100,
                           .pairs = 1985};
    strncpy(made.weights, weights, sizeof made.weights - 1);
    return made;
}

static void save(const char *path, const char *weights, double min_score) {
    const cs_calibration made = sample_of(weights, min_score);
    assert_ok(cs_calibration_save(path, &made, &error));
}

static void what_is_written_is_read_back(void **state) {
    scene *s = *state;
    cs_calibration read;
    save(s->models, "0123456789abcdef", 0.375);
    assert_ok(cs_calibration_read(s->models, &read, &error));
    assert_int_equal(read.is_set, 1);
    assert_string_equal(read.weights, "0123456789abcdef");
    assert_string_equal(read.method, "dense");
    assert_float_equal(read.intercept, -1.25, 0);
    assert_float_equal(read.evidence, 1.5, 0);
    assert_float_equal(read.spread, 0.1, 1e-9);
    assert_float_equal(read.min_score, 0.375, 0);
    assert_int_equal(read.photographs, 100);
    assert_int_equal(read.pairs, 1985);
}

static void without_a_file_there_is_none(void **state) {
    scene *s = *state;
    cs_calibration found = sample_of("", 0.5);
    assert_ok(cs_calibration_find(s->folder, s->checkpoint, &found, &error));
    assert_int_equal(found.is_set, 0);
    assert_string_equal(found.weights, s->weights);
}

static void the_users_own_comes_before_the_models(void **state) {
    scene *s = *state;
    cs_calibration found;
    save(s->models, s->weights, 0.25);
    assert_ok(cs_calibration_find(s->folder, s->checkpoint, &found, &error));
    assert_int_equal(found.is_set, 1);
    assert_float_equal(found.min_score, 0.25, 0);
    save(s->users, s->weights, 0.75);
    assert_ok(cs_calibration_find(s->folder, s->checkpoint, &found, &error));
    assert_float_equal(found.min_score, 0.75, 0);
}

/* The weights of a model folder may have been replaced; the file that bears the weights' name must be theirs. */
static void one_of_other_weights_is_not_taken(void **state) {
    scene *s = *state;
    cs_calibration found;
    save(s->models, "0123456789abcdef", 0.25);
    assert_ok(cs_calibration_find(s->folder, s->checkpoint, &found, &error));
    assert_int_equal(found.is_set, 0);
    save(s->users, "0123456789abcdef", 0.75);
    assert_fails(cs_calibration_find(s->folder, s->checkpoint, &found, &error), CS_ERR_FORMAT, s->users);
    assert_non_null(strstr(error.message, "found 0123456789abcdef"));
}

static void the_users_folder_follows_xdg(void **state) {
    (void)state;
    char *path;
    setenv("HOME", "/users/somebody", 1);
    setenv("XDG_DATA_HOME", "relative", 1);
    assert_ok(cs_calibration_user_path("abc", &path, &error));
    assert_string_equal(path, "/users/somebody/.local/share/clipsight/calibration/abc.json");
    free(path);
    setenv("XDG_DATA_HOME", "/data", 1);
    assert_ok(cs_calibration_user_path("abc", &path, &error));
    assert_string_equal(path, "/data/clipsight/calibration/abc.json");
    free(path);
    unsetenv("XDG_DATA_HOME");
    unsetenv("HOME");
    assert_ok(cs_calibration_user_path("abc", &path, &error));
    assert_null(path);
}

/* The file with one of its parts replaced. */
static void write_with(const char *path, const char *old, const char *new) {
    static const char text[] = "{\"format\": \"clipsight calibration\", \"version\": 1, \"weights\": "
                               "\"0123456789abcdef\", \"method\": \"dense\", \"intercept\": -1, \"evidence\": 1.5, "
                               "\"spread\": 0.5, \"min_score\": 0.25, \"photographs\": 7, \"pairs\": 9}";
    const char *at = strstr(text, old);
    assert_non_null(at);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    assert_int_equal(fclose(file), 0);
}

static void damaged_files_are_refused_by_name(void **state) {
    scene *s = *state;
    static const struct {
        const char *old, *new;
        cs_status status;
        const char *part;
    } cases[] = {
        {"clipsight calibration", "something", CS_ERR_FORMAT, "\"format\": expected \"clipsight calibration\""},
        {"\"version\": 1", "\"version\": 2", CS_ERR_UNSUPPORTED, "\"version\": expected 1"},
        {"\"version\": 1", "\"version\": \"1\"", CS_ERR_UNSUPPORTED, "\"version\""},
        {"0123456789abcdef", "0123456789abcde", CS_ERR_FORMAT, "\"weights\": expected 16 hexadecimal digits"},
        {"0123456789abcdef", "0123456789ABCDEF", CS_ERR_FORMAT, "\"weights\""},
        {"0123456789abcdef", "0123456789abcdef0", CS_ERR_FORMAT, "\"weights\""},
        {"\"dense\"", "\"\"", CS_ERR_FORMAT, "\"method\": expected a text"},
        {"\"dense\"", "3", CS_ERR_FORMAT, "\"method\""},
        {"\"dense\"", "\"a name far too long\"", CS_ERR_FORMAT, "\"method\""},
        {"\"evidence\": 1.5", "\"evidence\": -1.5", CS_ERR_FORMAT, "\"evidence\": expected a number from 0"},
        {"\"spread\": 0.5", "\"spread\": -0.5", CS_ERR_FORMAT, "\"spread\""},
        {"\"intercept\": -1", "\"intercept\": 1e9", CS_ERR_FORMAT, "\"intercept\""},
        {"\"intercept\": -1, ", "", CS_ERR_FORMAT, "\"intercept\""},
        {"\"min_score\": 0.25", "\"min_score\": 1.25", CS_ERR_FORMAT, "\"min_score\": expected a number from 0 to 1"},
        {"\"min_score\": 0.25", "\"min_score\": \"0.25\"", CS_ERR_FORMAT, "\"min_score\""},
        {"\"pairs\": 9", "\"pairs\": -9", CS_ERR_FORMAT, "\"pairs\""},
        {"\"pairs\": 9}", "\"pairs\": 9", CS_ERR_FORMAT, "line 1"},
        {"{\"format\"", "[\"format\"", CS_ERR_FORMAT, "line 1"},
    };
    cs_calibration read;
    write_with(s->models, "dense", "dense");
    assert_ok(cs_calibration_read(s->models, &read, &error));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_with(s->models, cases[i].old, cases[i].new);
        assert_fails(cs_calibration_read(s->models, &read, &error), cases[i].status, cases[i].part);
        assert_non_null(strstr(error.message, s->models));
    }
    assert_fails(cs_calibration_read("/nowhere/calibration.json", &read, &error), CS_ERR_IO, "/nowhere");
}

/* A change of any number that the samples reach, of a name or of a side gives other weights. */
static void weights_are_told_apart(void **state) {
    scene *s = *state;
    char *bytes, path[512], id[CS_WEIGHTS_ID_SIZE];
    size_t size;
    cs_checkpoint *other;
    assert_int_equal(strlen(s->weights), 16);
    assert_ok(cs_file_read(test_data(weights_file), 1 << 20, &bytes, &size, &error));
    snprintf(path, sizeof path, "%s/other.safetensors", s->folder);
    for (int changed = 0; changed < 2; changed++) {
        bytes[size - 1] = (char)(bytes[size - 1] ^ changed);
        write_file(path, bytes, size);
        assert_ok(cs_checkpoint_open(path, &other, &error));
        cs_weights_id(other, id);
        assert_int_equal(strcmp(id, s->weights) != 0, changed);
        cs_checkpoint_close(other);
    }
    free(bytes);
}

/* A tensor of 2,000 bytes, of which one may be changed; the samples are its bytes 0-255, 872-1127 and 1744-1999. */
static void name_large_tensor(const scene *s, int changed, char id[CS_WEIGHTS_ID_SIZE]) {
    static const char header[] = "{\"w\":{\"dtype\":\"F32\",\"shape\":[500],\"data_offsets\":[0,2000]}}";
    unsigned char length[8] = {sizeof header - 1}, data[2000] = {0};
    char path[1024];
    cs_checkpoint *checkpoint;
    snprintf(path, sizeof path, "%s/large.safetensors", s->folder);
    if (changed >= 0) data[changed] = 1;
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(length, 1, 8, file), 8);
    assert_int_equal(fwrite(header, 1, sizeof header - 1, file), sizeof header - 1);
    assert_int_equal(fwrite(data, 1, sizeof data, file), sizeof data);
    assert_int_equal(fclose(file), 0);
    assert_ok(cs_checkpoint_open(path, &checkpoint, &error));
    cs_weights_id(checkpoint, id);
    cs_checkpoint_close(checkpoint);
}

static void large_tensors_are_sampled_at_three_places(void **state) {
    static const int seen[] = {0, 255, 872, 1127, 1744, 1999}, unseen[] = {256, 871, 1128, 1743};
    char plain[CS_WEIGHTS_ID_SIZE], id[CS_WEIGHTS_ID_SIZE];
    name_large_tensor(*state, -1, plain);
    for (size_t i = 0; i < sizeof seen / sizeof seen[0]; i++) {
        name_large_tensor(*state, seen[i], id);
        assert_string_not_equal(id, plain);
    }
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
        name_large_tensor(*state, unseen[i], id);
        assert_string_equal(id, plain);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, begin, end),
        cmocka_unit_test_setup_teardown(without_a_file_there_is_none, begin, end),
        cmocka_unit_test_setup_teardown(the_users_own_comes_before_the_models, begin, end),
        cmocka_unit_test_setup_teardown(one_of_other_weights_is_not_taken, begin, end),
        cmocka_unit_test_setup_teardown(damaged_files_are_refused_by_name, begin, end),
        cmocka_unit_test_setup_teardown(weights_are_told_apart, begin, end),
        cmocka_unit_test_setup_teardown(large_tensors_are_sampled_at_three_places, begin, end),
        cmocka_unit_test(the_users_folder_follows_xdg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Checking a model against known results, with the starter in the place of a published checkpoint. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/support.h"

#include "check/goldens.h"
#include "check/openai_order.h"
#include "clipsight_tools.h"

static char *folder;

static int set_up(void **state) {
    (void)state;
    folder = make_folder();
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    remove_folder(folder);
    return 0;
}

static void keeps_openais_order(void **state) {
    (void)state;
    cs_error error;
    char path[512];
    cs_image *got = NULL, *expected = NULL;
    snprintf(path, sizeof path, "%s", test_data("check/alpha.png"));
    assert_ok(cs_openai_picture(path, 16, &got, &error));
    assert_ok(cs_image_open(test_data("check/alpha_resized.png"), NULL, &expected, &error));
    assert_int_equal(cs_image_width(got), cs_image_width(expected));
    assert_int_equal(cs_image_height(got), cs_image_height(expected));
    size_t samples = (size_t)cs_image_width(got) * (size_t)cs_image_height(got) * 3;
    assert_memory_equal(cs_image_pixels(got), cs_image_pixels(expected), samples);
    cs_image_close(got);
    cs_image_close(expected);
    assert_fails(cs_openai_picture(folder, 16, &got, &error), CS_ERR_FORMAT, folder);
    assert_fails(cs_openai_picture("/nowhere.png", 16, &got, &error), CS_ERR_FORMAT, "/nowhere.png");
}

static const char *write_goldens(const char *text) {
    static char path[512];
    snprintf(path, sizeof path, "%s/goldens.json", folder);
    write_file(path, text, strlen(text));
    return path;
}

typedef struct seen_lines {
    int passed, failed, skipped;
    double got[8];
    char what[256];
} seen_lines;

static void on_line(void *context, const cs_check_line *line) {
    seen_lines *seen = context;
    int count = seen->passed + seen->failed + seen->skipped;
    if (count < 8) seen->got[count] = line->got;
    snprintf(seen->what, sizeof seen->what, "%s", line->what);
    if (line->skipped)
        seen->skipped++;
    else if (line->passed)
        seen->passed++;
    else
        seen->failed++;
}

static seen_lines check(const char *goldens, const char *cats, const char *diagram) {
    cs_error error;
    seen_lines seen = {0};
    size_t failed = 99;
    cs_check_options options = {.goldens = write_goldens(goldens), .cats = cats, .diagram = diagram};
    assert_ok(cs_model_check("starter", &options, on_line, &seen, &failed, &error));
    assert_int_equal(failed, seen.failed);
    return seen;
}

static const char *photo(void) {
    return test_data("check/alpha_resized.png");
}

/* The first run tells the numbers, the following are held against them. */
static void passes_and_fails(void **state) {
    (void)state;
    char text[1024];
    const char *form =
        "{\"goldens\": [{\"kind\": \"logits\", \"picture\": \"cats\", \"prompts\": [\"a cat\", \"a dog\"], "
        "\"expected\": [%.9g, %.9g], \"tolerance\": 0.001}]}";
    snprintf(text, sizeof text, form, -1e3, -1e3);
    seen_lines first = check(text, photo(), NULL);
    assert_int_equal(first.failed, 2);
    assert_string_equal(first.what, "logit of \"a dog\" (cats)");
    snprintf(text, sizeof text, form, first.got[0], first.got[1]);
    assert_int_equal(check(text, photo(), NULL).passed, 2);
    snprintf(text, sizeof text, form, first.got[0] + 0.002, first.got[1]);
    seen_lines third = check(text, photo(), NULL);
    assert_int_equal(third.failed, 1);
    assert_int_equal(third.passed, 1);
    snprintf(text, sizeof text, form, first.got[0], first.got[1]);
    seen_lines other = check(text, NULL, photo()); /* its picture is not given */
    assert_int_equal(other.skipped, 1);
}

static void refuses_bad_goldens(void **state) {
    (void)state;
    cs_error error;
#define ENTRY(more) "{\"goldens\": [{\"picture\": \"cats\", \"tolerance\": 1, " more "}]}"
    static const char *const bad[][2] = {
        {"[]", "expected a JSON object"},
        {"{}", "\"goldens\""},
        {"{\"goldens\": [{\"kind\": \"x\"}]}", "\"kind\""},
        {"{\"goldens\": [{\"kind\": \"logits\", \"picture\": \"dogs\"}]}", "\"picture\""},
        {"{\"goldens\": [{\"kind\": \"logits\", \"picture\": \"cats\"}]}", "\"tolerance\""},
        {ENTRY("\"kind\": \"logits\", \"prompts\": []"), "\"prompts\""},
        {ENTRY("\"kind\": \"logits\", \"prompts\": [1]"), "\"prompts\""},
        {ENTRY("\"kind\": \"map\", \"prompts\": [\"a\", \"b\"]"), "\"prompts\""},
        {ENTRY("\"kind\": \"logits\", \"prompts\": [\"a\"], \"expected\": [1, 2]"), "\"expected\""},
        {ENTRY("\"kind\": \"map\", \"prompts\": [\"a\"], \"expected\": [[1, 2], [3]]"), "\"expected\""},
        {ENTRY("\"kind\": \"map\", \"prompts\": [\"a\"], \"expected\": []"), "\"expected\""},
        {ENTRY("\"kind\": \"map\", \"prompts\": [\"a\"], \"expected\": [[1]], \"clips\": -1"), "\"clips\""}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cs_check_options options = {.goldens = write_goldens(bad[i][0]), .cats = photo()};
        assert_fails(cs_model_check("starter", &options, on_line, &(seen_lines){0}, NULL, &error), CS_ERR_FORMAT,
                     bad[i][1]);
    }
}

static void knows_what_it_knows(void **state) {
    (void)state;
    cs_error error;
    seen_lines seen = {0};
    cs_check_options options = CS_CHECK_OPTIONS_DEFAULT;
    options.cats = photo();
    assert_fails(cs_model_check("starter", &options, on_line, &seen, NULL, &error), CS_ERR_UNSUPPORTED,
                 "no goldens are known");
    options.cats = NULL;
    assert_fails(cs_model_check("openai/clip-vit-base-patch32", &options, on_line, &seen, NULL, &error),
                 CS_ERR_ARGUMENT, "give at least one picture");
    options.goldens = "/nowhere.json";
    assert_fails(cs_model_check("starter", &options, on_line, &seen, NULL, &error), CS_ERR_IO, "/nowhere.json");
}

/* The table that is built in is read like any other; its model stands in for nothing here but a name. */
static void the_built_in_table_is_sound(void **state) {
    (void)state;
    const char *text = cs_goldens_builtin("openai/clip-vit-base-patch32");
    cs_error error;
    assert_null(cs_goldens_builtin("openai/clip-vit-base-patch16"));
    json_t *root = json_loads(text, 0, NULL);
    const json_t *list = json_object_get(root, "goldens");
    assert_int_equal(json_array_size(list), 4);
    cs_golden golden;
    for (size_t i = 0; i < 4; i++)
        assert_ok(cs_golden_parse("table", json_array_get(list, i), &golden, &error));
    /* the last two: 20 x 13, one of them the other divided by its maximum */
    const json_t *clipped = json_object_get(json_array_get(list, 2), "expected");
    const json_t *normalised = json_object_get(json_array_get(list, 3), "expected");
    assert_int_equal(json_array_size(clipped), 20);
    for (size_t i = 0; i < 20 * 13; i++) {
        double raw = json_number_value(json_array_get(json_array_get(clipped, i / 13), i % 13));
        double cell = json_number_value(json_array_get(json_array_get(normalised, i / 13), i % 13));
        assert_float_equal(raw / 0.19, cell, 0.001);
    }
    assert_int_equal(golden.clips, 3);
    json_decref(root);
}

#define CHECK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {CHECK_TEST(keeps_openais_order), CHECK_TEST(passes_and_fails),
                                       CHECK_TEST(refuses_bad_goldens), CHECK_TEST(knows_what_it_knows),
                                       CHECK_TEST(the_built_in_table_is_sound)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

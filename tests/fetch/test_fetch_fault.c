/* Allocations that fail while models are fetched and listed: an error that says so, nothing leaked, nothing broken. */
#include "hub.h"

#include "clipsight_tools.h"

static char *site, *cache;

static void make_file(const char *name, size_t size) {
    char path[512];
    snprintf(path, sizeof path, "%s/some/model/main/%s", site, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++)
        fputc((int)(i * 31 % 251), file);
    fclose(file);
}

static int set_up(void **state) {
    (void)state;
    char command[512];
    site = make_folder();
    cache = make_folder();
    setenv("CLIPSIGHT_CACHE", cache, 1);
    setenv("HF_HUB_CACHE", cache, 1);
    snprintf(command, sizeof command, "mkdir -p '%s/some/model/main'", site);
    assert_int_equal(system(command), 0);
    make_file("config.json", 100);
    make_file("vocab.json", 1100);
    make_file("merges.txt", 100);
    make_file("model.safetensors", 5000);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    remove_folder(site);
    remove_folder(cache);
    return 0;
}

/* Some failures do no harm: what could not be looked at is fetched again. */
static void assert_memory_or_fine(cs_status status, const cs_error *error, long n) {
    if (status != CS_OK && status != CS_ERR_MEMORY)
        fail_msg("allocation %ld: %s, \"%s\"", n, cs_status_name(status), error->message);
}

static void pull_without_memory(void **state) {
    (void)state;
    cs_error error;
    test_hub hub = hub_start(site, (const char *const[]){"cut=3000", NULL});
    cs_pull_options options = {.endpoint = hub.url, .token = "t", .pause_seconds = 0.001};
    int memory_errors = 0;
    for (long n = 0, used = 0; used >= n; n++) { /* until none of them fails */
        fail_allocation(n, n % 2);
        cs_status status = cs_models_pull("some/model", &options, NULL, &error);
        used = allocations_made();
        fail_allocation(-1, 0);
        assert_memory_or_fine(status, &error, n);
        memory_errors += status == CS_ERR_MEMORY;
        if (status == CS_OK) assert_ok(cs_models_remove("some/model", &error));
    }
    assert_true(memory_errors > 50);
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    hub_stop(&hub);
}

/* With memory. */
static void pull(void) {
    cs_error error;
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = {.endpoint = hub.url};
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    hub_stop(&hub);
}

static void look_without_memory(void **state) {
    (void)state;
    cs_error error;
    pull();
    int memory_errors = 0;
    for (long n = 0; n < 100; n++) {
        cs_model_list *list = NULL;
        char *folder = NULL, *license = NULL;
        fail_allocation(n, n % 2);
        cs_status listed = cs_models_list(&list, &error), found = cs_model_find("some/model", &folder, &error);
        cs_status licensed = cs_model_license(site, &license, &error);
        fail_allocation(-1, 0);
        assert_true(listed == CS_OK ? list != NULL : list == NULL);
        assert_true(found == CS_OK ? folder != NULL : folder == NULL);
        memory_errors += (listed == CS_ERR_MEMORY) + (found == CS_ERR_MEMORY) + (licensed == CS_ERR_MEMORY);
        cs_model_list_free(list);
        cs_string_free(folder);
        cs_string_free(license);
    }
    assert_true(memory_errors > 10);
}

static void remove_without_memory(void **state) {
    (void)state;
    cs_error error;
    pull();
    cs_status status = CS_ERR_MEMORY;
    for (long n = 0; status != CS_OK && n < 100; n++) {
        fail_allocation(n, 0);
        status = cs_models_remove("some/model", &error);
        fail_allocation(-1, 0);
        assert_memory_or_fine(status, &error, n);
    }
    assert_int_equal(status, CS_OK);
    assert_int_not_equal(cs_models_remove("some/model", &error), CS_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(pull_without_memory, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(look_without_memory, set_up, tear_down),
                                       cmocka_unit_test_setup_teardown(remove_without_memory, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

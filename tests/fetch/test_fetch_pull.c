/* Pulling from a hub that misbehaves. */
#include "hub.h"

#include "clipsight_tools.h"

enum { WEIGHTS = 300000 };

static char *site, *cache;

/* One of a few buffers in turn; `folder` may be one of them, too. */
static char *path_in(const char *folder, const char *name) {
    static char paths[8][512];
    static int turn;
    char *path = paths[turn++ % 8];
    size_t length = strlen(folder);
    assert_in_range(length + strlen(name), 1, sizeof paths[0] - 2);
    memmove(path, folder, length);
    path[length] = '/';
    strcpy(path + length + 1, name);
    return path;
}

static void make_file(const char *folder, const char *name, size_t size, unsigned seed) {
    char command[1024], path[1024];
    assert_in_range(snprintf(command, sizeof command, "mkdir -p '%s'", folder), 1, sizeof command - 1);
    assert_int_equal(system(command), 0);
    assert_in_range(snprintf(path, sizeof path, "%s/%s", folder, name), 1, sizeof path - 1);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1103515245u + 12345u;
        fputc((int)(seed >> 16 & 255), file);
    }
    fclose(file);
}

/* A model of the usual files; the weights are large enough to be cut somewhere. */
static void make_model(const char *folder, unsigned seed) {
    make_file(folder, "config.json", 200, 1);
    make_file(folder, "tokenizer.json", 5000, 2);
    make_file(folder, "preprocessor_config.json", 100, 3);
    make_file(folder, "README.md", 50, 4);
    make_file(folder, "pytorch_model.bin", 2000, 5);
    make_file(folder, "training_args.bin", 2000, 6);
    make_file(folder, "model.safetensors", WEIGHTS, seed);
}

static int set_up(void **state) {
    (void)state;
    site = make_folder();
    cache = make_folder();
    setenv("CLIPSIGHT_CACHE", cache, 1);
    make_model(path_in(site, "some/model/main"), 7);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    remove_folder(site);
    remove_folder(cache);
    return 0;
}

static int same_files(const char *a, const char *b) {
    size_t size_a = 0, size_b = 0;
    char *first = read_whole(a, &size_a), *second = read_whole(b, &size_b);
    int same = first && second && size_a == size_b && memcmp(first, second, size_a) == 0;
    free(first);
    free(second);
    return same;
}

static const char *WEIGHTS_HERE = "models/some--model/model.safetensors";
static const char *WEIGHTS_PART = "partial/some--model/model.safetensors.part";

static void assert_model_here(void) {
    assert_true(same_files(path_in(cache, WEIGHTS_HERE), path_in(site, "some/model/main/model.safetensors")));
    assert_true(
        same_files(path_in(cache, "models/some--model/config.json"), path_in(site, "some/model/main/config.json")));
    assert_int_not_equal(access(path_in(cache, "partial/some--model"), F_OK), 0);
}

static long size_of(const char *path) {
    struct stat info;
    return stat(path, &info) == 0 ? (long)info.st_size : -1;
}

static cs_pull_options options_for(const test_hub *hub) {
    return (cs_pull_options){.endpoint = hub->url, .pause_seconds = 0.01, .stall_seconds = 1};
}

static void pulls_what_is_needed(void **state) {
    (void)state;
    cs_error error;
    char *folder = NULL, *found = NULL;
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    assert_ok(cs_models_pull("some/model", &options, &folder, &error));
    assert_model_here();
    assert_ok(cs_model_find("some/model", &found, &error));
    assert_string_equal(folder, found);
    assert_int_equal(hub_saw(&hub, "/resolve/"), 5);
    assert_int_equal(hub_saw(&hub, "pytorch_model.bin"), 0);
    assert_int_equal(hub_saw(&hub, "authorization=-"), 6);
    /* a second pull finds everything in its place, and leaves it there */
    struct stat before, after;
    assert_int_equal(stat(folder, &before), 0);
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_int_equal(stat(folder, &after), 0);
    assert_true(before.st_ino == after.st_ino);
    assert_int_equal(hub_saw(&hub, "/resolve/"), 5);
    cs_string_free(folder);
    cs_string_free(found);
    hub_stop(&hub);
}

static void replaces_only_what_changed(void **state) {
    (void)state;
    cs_error error;
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    make_file(path_in(site, "some/model/main"), "config.json", 210, 99);
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_model_here();
    assert_int_equal(hub_saw(&hub, "model.safetensors range"), 1);
    assert_int_equal(hub_saw(&hub, "config.json range"), 3); /* once of them preprocessor_config.json */
    hub_stop(&hub);
}

/* Pulls from a hub with these options, which must not keep the model from coming. */
static test_hub pull_through(const char *const *misbehaviour) {
    cs_error error;
    test_hub hub = hub_start(site, misbehaviour);
    cs_pull_options options = options_for(&hub);
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_model_here();
    hub_stop(&hub);
    return hub;
}

static void goes_on_after_cuts(void **state) {
    (void)state;
    test_hub hub = pull_through((const char *const[]){"cut=70000", NULL});
    assert_int_equal(hub_saw(&hub, "model.safetensors range=- if-range=-"), 1);
    assert_int_equal(hub_saw(&hub, "model.safetensors range=70000 if-range=\"300000\""), 1);
    assert_int_equal(hub_saw(&hub, "model.safetensors range=280000"), 1);
}

static void goes_on_after_cuts_without_length(void **state) {
    (void)state;
    test_hub hub = pull_through((const char *const[]){"cut=70000", "no-length", NULL});
    assert_int_equal(hub_saw(&hub, "model.safetensors range=280000"), 1);
}

static void starts_again_where_ranges_are_unknown(void **state) {
    (void)state;
    make_file(path_in(site, "some/model/main"), "README.md", 2000, 4); /* the first body, so the cut one */
    test_hub hub = pull_through((const char *const[]){"cut-first=1500", "no-range", NULL});
    assert_int_equal(hub_saw(&hub, "README.md range=1500"), 1);
}

static void gives_up_where_it_never_gets_further(void **state) {
    (void)state;
    cs_error error;
    test_hub hub = hub_start(site, (const char *const[]){"cut=70000", "no-range", NULL});
    cs_pull_options options = options_for(&hub);
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_IO, "model.safetensors: ");
    assert_int_equal(hub_saw(&hub, "model.safetensors range"), 5);
    assert_int_not_equal(access(path_in(cache, "models/some--model"), F_OK), 0);
    hub_stop(&hub);
}

/* A part of the file that was not asked for must not be put where another belongs. */
static void refuses_another_range(void **state) {
    (void)state;
    cs_error error;
    test_hub hub = hub_start(site, (const char *const[]){"cut=70000", "wrong-range", NULL});
    cs_pull_options options = options_for(&hub);
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_FORMAT,
                 "model.safetensors: asked for the bytes from 70000 on, the server sends 'bytes 70001-");
    hub_stop(&hub);
}

static void goes_on_after_silence(void **state) {
    (void)state;
    make_file(path_in(site, "some/model/main"), "README.md", 2000, 4);
    test_hub hub = pull_through((const char *const[]){"stall-first=500", NULL});
    assert_int_equal(hub_saw(&hub, "README.md range=500"), 1);
}

static void goes_on_after_server_errors(void **state) {
    (void)state;
    test_hub hub = pull_through((const char *const[]){"fail=500,2", NULL});
    assert_int_equal(hub_saw(&hub, "/resolve/"), 7);
    cs_error error;
    hub = hub_start(site, (const char *const[]){"fail=503,1000", NULL});
    cs_pull_options options = options_for(&hub);
    make_file(path_in(site, "some/model/main"), "config.json", 210, 99);
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_IO, "status 503");
    assert_int_equal(hub_saw(&hub, "/resolve/"), 5);
    assert_int_equal(size_of(path_in(cache, WEIGHTS_HERE)), WEIGHTS); /* the model of before stays */
    hub_stop(&hub);
}

static void refused(const char *const *misbehaviour, cs_status status, const char *part, int requests) {
    cs_error error;
    test_hub hub = hub_start(site, misbehaviour);
    cs_pull_options options = options_for(&hub);
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), status, part);
    if (requests > 0) assert_int_equal(hub_saw(&hub, " range="), requests);
    assert_int_not_equal(access(path_in(cache, "models/some--model"), F_OK), 0);
    hub_stop(&hub);
}

static void explains_refusals(void **state) {
    (void)state;
    refused((const char *const[]){"deny=401", NULL}, CS_ERR_IO, "set HF_TOKEN", 1);
    refused((const char *const[]){"deny=403", NULL}, CS_ERR_IO, "accept the model's terms", 1);
    refused((const char *const[]){"deny=404", NULL}, CS_ERR_IO, "no such model, revision or file", 1);
    refused((const char *const[]){"fail=404,1", NULL}, CS_ERR_IO, "README.md: status 404", 2);
    refused((const char *const[]){"deny=429", NULL}, CS_ERR_IO, "too many requests", 5);
    refused((const char *const[]){"loop", NULL}, CS_ERR_FORMAT, "more than 8 redirects", 0);
}

static void finds_damage(void **state) {
    (void)state;
    refused((const char *const[]){"wrong-hash", NULL}, CS_ERR_FORMAT, "README.md: damaged on the way", 2);
    refused((const char *const[]){"wrong-size", NULL}, CS_ERR_IO, "README.md: ", 0);
    refused((const char *const[]){"wrong-size", "no-length", NULL}, CS_ERR_IO, "ended too early", 0);
}

/* Breaks a pull off in the middle of the weights. */
static int stop_in_weights(void *context, const char *file, uint64_t done, uint64_t total) {
    (void)total;
    uint64_t *seen = context;
    if (strcmp(file, "model.safetensors") == 0) *seen = done;
    return strcmp(file, "model.safetensors") == 0 && done > 100000;
}

static void break_off(const char *etag) {
    cs_error error;
    uint64_t seen = 0;
    char word[64];
    snprintf(word, sizeof word, "etag=%s", etag);
    test_hub hub = hub_start(site, (const char *const[]){"slow=10000", word, NULL});
    cs_pull_options options = options_for(&hub);
    options.progress = stop_in_weights;
    options.context = &seen;
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_CANCELLED, "stopped");
    hub_stop(&hub);
    assert_true(seen > 100000);
    assert_in_range(size_of(path_in(cache, WEIGHTS_PART)), 1, WEIGHTS - 1);
    assert_int_not_equal(access(path_in(cache, "models/some--model"), F_OK), 0);
}

static void resumes_what_was_broken_off(void **state) {
    (void)state;
    break_off("one");
    long part = size_of(path_in(cache, WEIGHTS_PART));
    test_hub hub = pull_through((const char *const[]){"etag=one", NULL});
    char line[128];
    snprintf(line, sizeof line, "model.safetensors range=%ld if-range=\"one\"", part);
    assert_int_equal(hub_saw(&hub, line), 1);
    assert_int_equal(hub_saw(&hub, "/resolve/"), 1); /* the small files were complete */
}

static void starts_again_when_the_file_changed(void **state) {
    (void)state;
    break_off("one");
    make_file(path_in(site, "some/model/main"), "model.safetensors", WEIGHTS, 1234);
    test_hub hub = pull_through((const char *const[]){"etag=two", NULL});
    assert_int_equal(hub_saw(&hub, "if-range=\"one\""), 1);
}

/* A server that takes the new file for the old one: the hash shows it, and the file is fetched once more as a whole. */
static void starts_again_when_the_parts_do_not_fit(void **state) {
    (void)state;
    break_off("one");
    make_file(path_in(site, "some/model/main"), "model.safetensors", WEIGHTS, 1234);
    test_hub hub = pull_through((const char *const[]){"etag=one", NULL});
    assert_int_equal(hub_saw(&hub, "if-range=\"one\""), 1);
    assert_int_equal(hub_saw(&hub, "model.safetensors range=- "), 1);
}

static void without_a_hash_the_etag_decides(void **state) {
    (void)state;
    break_off("one");
    make_file(path_in(site, "some/model/main"), "model.safetensors", WEIGHTS, 1234);
    pull_through((const char *const[]){"etag=two", "no-hash", NULL});
}

static void starts_again_when_the_part_is_too_long(void **state) {
    (void)state;
    break_off("one");
    make_file(path_in(cache, "partial/some--model"), "model.safetensors.part", WEIGHTS + 10, 7);
    pull_through((const char *const[]){"etag=one", NULL});
}

/* The token goes to the endpoint, through redirects on it, and nowhere else. */
static void token_stays_at_home(void **state) {
    (void)state;
    cs_error error;
    test_hub elsewhere = hub_start(site, (const char *const[]){NULL});
    char redirect[128];
    snprintf(redirect, sizeof redirect, "redirect=%s", elsewhere.url);
    test_hub hub = hub_start(site, (const char *const[]){redirect, NULL});
    cs_pull_options options = options_for(&hub);
    options.token = "secret";
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_model_here();
    assert_int_equal(hub_saw(&hub, "authorization=Bearer secret"), 6);
    assert_int_equal(hub_saw(&elsewhere, "/resolve/"), 5);
    assert_int_equal(hub_saw(&elsewhere, "authorization=-"), 5);
    assert_int_equal(hub_saw(&elsewhere, "secret"), 0);
    hub_stop(&hub);
    hub_stop(&elsewhere);
}

/* The same server under another name is another host. */
static void token_stays_at_home_on_the_same_port(void **state) {
    (void)state;
    cs_error error;
    test_hub elsewhere = hub_start(site, (const char *const[]){NULL});
    char redirect[128], other_name[64];
    snprintf(other_name, sizeof other_name, "http://localhost%s", strrchr(elsewhere.url, ':'));
    snprintf(redirect, sizeof redirect, "redirect=%s", other_name);
    test_hub hub = hub_start(site, (const char *const[]){redirect, NULL});
    cs_pull_options options = options_for(&elsewhere); /* the endpoint's listing, and its files, on the first name */
    options.token = "secret";
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_int_equal(hub_saw(&elsewhere, "Bearer secret"), 6);
    assert_ok(cs_models_remove("some/model", &error));
    options.endpoint = hub.url;
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_int_equal(hub_saw(&elsewhere, "Bearer secret"), 6); /* no more than before */
    hub_stop(&hub);
    hub_stop(&elsewhere);
}

static void checks_its_arguments(void **state) {
    (void)state;
    cs_error error;
    cs_pull_options options = CS_PULL_OPTIONS_DEFAULT;
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_ARGUMENT, "HF_ENDPOINT");
    assert_fails(cs_models_pull("some/model", NULL, NULL, &error), CS_ERR_ARGUMENT, "--endpoint https://...");
    options.endpoint = "ftp://x";
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_ARGUMENT, "ftp://x");
    options.endpoint = "http://127.0.0.1:1";
    assert_fails(cs_models_pull("../model", &options, NULL, &error), CS_ERR_ARGUMENT, "owner/name");
    options.token = "a\r\nb";
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_ARGUMENT, "line break");
    options.token = NULL;
    options.pause_seconds = 0.01;
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_IO, "some/model: ");
}

static void takes_a_revision(void **state) {
    (void)state;
    cs_error error;
    make_model(path_in(site, "some/model/refs/pr/3"), 42);
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    options.revision = "refs/pr/3";
    assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_true(same_files(path_in(cache, WEIGHTS_HERE), path_in(site, "some/model/refs/pr/3/model.safetensors")));
    assert_int_equal(hub_saw(&hub, "/api/models/some/model/revision/refs%2Fpr%2F3?blobs=true"), 1);
    options.revision = "none";
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_IO, "404");
    hub_stop(&hub);
}

/* The real conversion is too large for a test: one of another size must be refused. */
static void refuses_another_conversion(void **state) {
    (void)state;
    cs_error error;
    make_model(path_in(site, "openai/clip-vit-base-patch32/main"), 1);
    make_model(path_in(site, "openai/clip-vit-base-patch32/refs/pr/15"), 2);
    unlink(path_in(site, "openai/clip-vit-base-patch32/main/model.safetensors"));
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    assert_fails(cs_models_pull("openai/clip-vit-base-patch32", &options, NULL, &error), CS_ERR_FORMAT,
                 "expected model.safetensors of 605157884 bytes");
    /* who asks for a revision gets what is there */
    options.revision = "main";
    assert_ok(cs_models_pull("openai/clip-vit-base-patch32", &options, NULL, &error));
    assert_int_equal(hub_saw(&hub, "/pytorch_model.bin"), 1);
    hub_stop(&hub);
}

/* What clipsight cannot open is refused before its weights are fetched. */
static void refuses_other_models(void **state) {
    (void)state;
    cs_error error;
    write_text(site, "some/model/main/config.json", "{\"model_type\": \"siglip\"}");
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    assert_fails(cs_models_pull("some/model", &options, NULL, &error), CS_ERR_UNSUPPORTED, "iglip");
    assert_int_equal(hub_saw(&hub, "model.safetensors"), 0);
    hub_stop(&hub);
}

static void pulls_shards(void **state) {
    (void)state;
    cs_error error;
    const char *folder = path_in(site, "some/model/main");
    unlink(path_in(folder, "model.safetensors"));
    make_file(folder, "model-1.safetensors", 4000, 1);
    make_file(folder, "model-2.safetensors", 4000, 2);
    write_text(folder, "model.safetensors.index.json",
               "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"model-2.safetensors\", "
               "\"c\": \"model-1.safetensors\"}}");
    test_hub hub = hub_start(site, (const char *const[]){NULL});
    cs_pull_options options = options_for(&hub);
    for (int i = 0; i < 2; i++)
        assert_ok(cs_models_pull("some/model", &options, NULL, &error));
    assert_true(
        same_files(path_in(cache, "models/some--model/model-2.safetensors"), path_in(folder, "model-2.safetensors")));
    assert_int_equal(hub_saw(&hub, "/model-"), 2);
    hub_stop(&hub);
}

/* Pulls in a child; the exit status is that of the pull. */
static pid_t pull_in_child(const cs_pull_options *options) {
    pid_t child = fork();
    if (child == 0) _exit((int)cs_models_pull("some/model", options, NULL, NULL));
    return child;
}

static void two_at_once_wait_for_each_other(void **state) {
    (void)state;
    test_hub hub = hub_start(site, (const char *const[]){"slow=20000", NULL});
    cs_pull_options options = options_for(&hub);
    pid_t children[3];
    for (int i = 0; i < 3; i++)
        children[i] = pull_in_child(&options);
    for (int i = 0; i < 3; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        assert_int_equal(status, 0);
    }
    assert_model_here();
    assert_int_equal(hub_saw(&hub, "/resolve/"), 5);
    hub_stop(&hub);
}

static void a_killed_pull_is_resumed(void **state) {
    (void)state;
    test_hub hub = hub_start(site, (const char *const[]){"slow=3000", NULL});
    cs_pull_options options = options_for(&hub);
    pid_t child = pull_in_child(&options);
    for (int waited = 0; size_of(path_in(cache, WEIGHTS_PART)) < 50000 && waited < 1000; waited++)
        usleep(5000);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    hub_stop(&hub);
    long part = size_of(path_in(cache, WEIGHTS_PART));
    assert_in_range(part, 50000, WEIGHTS - 1);
    hub = pull_through((const char *const[]){NULL});
    char line[128];
    snprintf(line, sizeof line, "model.safetensors range=%ld", part);
    assert_int_equal(hub_saw(&hub, line), 1);
}

#define PULL_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    unsetenv("http_proxy");
    const struct CMUnitTest tests[] = {PULL_TEST(pulls_what_is_needed),
                                       PULL_TEST(replaces_only_what_changed),
                                       PULL_TEST(goes_on_after_cuts),
                                       PULL_TEST(goes_on_after_cuts_without_length),
                                       PULL_TEST(starts_again_where_ranges_are_unknown),
                                       PULL_TEST(gives_up_where_it_never_gets_further),
                                       PULL_TEST(refuses_another_range),
                                       PULL_TEST(goes_on_after_silence),
                                       PULL_TEST(goes_on_after_server_errors),
                                       PULL_TEST(explains_refusals),
                                       PULL_TEST(finds_damage),
                                       PULL_TEST(resumes_what_was_broken_off),
                                       PULL_TEST(starts_again_when_the_file_changed),
                                       PULL_TEST(starts_again_when_the_parts_do_not_fit),
                                       PULL_TEST(without_a_hash_the_etag_decides),
                                       PULL_TEST(starts_again_when_the_part_is_too_long),
                                       PULL_TEST(token_stays_at_home),
                                       PULL_TEST(token_stays_at_home_on_the_same_port),
                                       PULL_TEST(checks_its_arguments),
                                       PULL_TEST(takes_a_revision),
                                       PULL_TEST(refuses_another_conversion),
                                       PULL_TEST(refuses_other_models),
                                       PULL_TEST(pulls_shards),
                                       PULL_TEST(two_at_once_wait_for_each_other),
                                       PULL_TEST(a_killed_pull_is_resumed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

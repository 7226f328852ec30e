/* The parts of fetching, one by one: hashes, addresses, names, the caches' rules, the choice of files. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hub.h"

#include "clipsight_tools.h"
#include "fetch/digest.h"
#include "fetch/pause.h"
#include "fetch/plan.h"
#include "fetch/url.h"
#include "model/cache.h"

static char *folder;

static int set_up(void **state) {
    (void)state;
    folder = make_folder();
    unsetenv("CLIPSIGHT_CACHE");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HF_HOME");
    unsetenv("HF_HUB_CACHE");
    unsetenv("HUGGINGFACE_HUB_CACHE");
    setenv("HOME", folder, 1);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    remove_folder(folder);
    return 0;
}

/* A file below the test's folder, with the folders above it. */
static const char *make(const char *name, const char *text, size_t size) {
    static char path[1024];
    char command[2048];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(command, sizeof command, "mkdir -p \"$(dirname '%s')\"", path);
    assert_int_equal(system(command), 0);
    write_file(path, text, size);
    return path;
}

static const char *make_text(const char *name, const char *text) {
    return make(name, text, strlen(text));
}

static void assert_digest(cs_digest_kind kind, const char *path, const char *expected) {
    cs_error error;
    cs_digest digest;
    assert_ok(cs_digest_file(kind, path, &digest, &error));
    assert_string_equal(digest.hex, expected);
}

/* Vectors: FIPS 180-4's examples; git's from `git hash-object`. */
static void hashes(void **state) {
    (void)state;
    char *million = malloc(1000000);
    memset(million, 'a', 1000000);
    assert_digest(CS_DIGEST_SHA256, make_text("empty", ""),
                  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_digest(CS_DIGEST_GIT, make_text("empty", ""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    assert_digest(CS_DIGEST_SHA256, make_text("abc", "abc"),
                  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_digest(CS_DIGEST_SHA256, make_text("long", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_digest(CS_DIGEST_GIT, make_text("hello", "hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    assert_digest(CS_DIGEST_SHA256, make("million", million, 1000000),
                  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
    cs_error error;
    cs_digest digest;
    assert_fails(cs_digest_file(CS_DIGEST_GIT, "/nowhere/at/all", &digest, &error), CS_ERR_IO, "/nowhere/at/all");
}

static void takes_over_only_hashes(void **state) {
    (void)state;
    const char *good = "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD";
    cs_digest digest = cs_digest_from_text(CS_DIGEST_SHA256, good);
    assert_int_equal(digest.kind, CS_DIGEST_SHA256);
    assert_string_equal(digest.hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(cs_digest_from_text(CS_DIGEST_GIT, good).kind, CS_DIGEST_NONE);
    assert_int_equal(cs_digest_from_text(CS_DIGEST_SHA256, good + 1).kind, CS_DIGEST_NONE);
    assert_int_equal(cs_digest_from_text(CS_DIGEST_SHA256, NULL).kind, CS_DIGEST_NONE);
    assert_int_equal(cs_digest_from_text(CS_DIGEST_GIT, "e69de29bb2d1d6434b8b29ae775ad8c2e48c539x").kind,
                     CS_DIGEST_NONE);
}

static void assert_url(char *url, const char *expected) {
    assert_string_equal(url, expected);
    free(url);
}

static void builds_addresses(void **state) {
    (void)state;
    assert_url(cs_url_file("https://hub.example/", "a/b", "main", "model.safetensors"),
               "https://hub.example/a/b/resolve/main/model.safetensors");
    assert_url(cs_url_file("https://hub.example/sub//", "a/b.c", "refs/pr/15", "x y#?%.bin"),
               "https://hub.example/sub/a/b.c/resolve/refs%2Fpr%2F15/x%20y%23%3F%25.bin");
    assert_url(cs_url_listing("http://127.0.0.1:80", "a/b", "v1?x&y"),
               "http://127.0.0.1:80/api/models/a/b/revision/v1%3Fx%26y?blobs=true");
}

static void compares_origins(void **state) {
    (void)state;
    assert_true(cs_url_same_origin("https://a.example/x", "https://A.example:443/y?z"));
    assert_true(cs_url_same_origin("http://a.example:8080", "http://a.example:8080/x"));
    assert_false(cs_url_same_origin("https://a.example", "http://a.example"));
    assert_false(cs_url_same_origin("https://a.example", "https://b.a.example"));
    assert_false(cs_url_same_origin("https://a.example", "https://a.example.evil.example"));
    assert_false(cs_url_same_origin("https://a.example", "https://a.example@evil.example/"));
    assert_false(cs_url_same_origin("https://a.example", "https://a.example:444"));
    assert_false(cs_url_same_origin("https://a.example", "not an address"));
    assert_true(cs_url_is_http("https://x") && cs_url_is_http("HTTP://x:1/"));
    assert_false(cs_url_is_http("ftp://x") || cs_url_is_http("https://") || cs_url_is_http("file:///x"));
    assert_true(cs_url_is_downgrade("https://a", "http://a"));
    assert_false(cs_url_is_downgrade("http://a", "https://a") || cs_url_is_downgrade("https://a", "https://b"));
}

static void knows_names(void **state) {
    (void)state;
    static const char *const good[] = {"openai/clip-vit-base-patch32", "a/b", "A_1/x.y-z", "_a/b_", NULL};
    static const char *const bad[] = {"",       "a",          "/a",   "a/",     "a/b/c",  "../b",  "a/..",
                                      "a/.b",   "-a/b",       "a/-b", "a--b/c", "a/b--c", "a b/c", "a/b\n",
                                      "a/b..c", "\xc3\xa4/b", "a/b-", ".a/b",   "a\\b",   "a/b?",  NULL};
    for (const char *const *each = good; *each; each++)
        assert_int_equal(cs_model_name_check(*each, NULL), CS_OK);
    for (const char *const *each = bad; *each; each++) {
        cs_error error;
        assert_fails(cs_model_name_check(*each, &error), CS_ERR_ARGUMENT, "owner/name");
    }
    char *inner = cs_model_name_to_folder("models--", "a-x/b.c"), *name = cs_model_name_from_folder("models--", inner);
    assert_string_equal(inner, "models--a-x--b.c");
    assert_string_equal(name, "a-x/b.c");
    free(inner);
    free(name);
    assert_null(cs_model_name_from_folder("models--", "datasets--a--b"));
    assert_null(cs_model_name_from_folder("", "ab"));
    assert_null(cs_model_name_from_folder("", "a--b--c"));
    assert_null(cs_model_name_from_folder("", "..--b"));
}

static void assert_root(cs_status (*rule)(char **root, cs_error *error), const char *expected) {
    cs_error error;
    char *root = NULL;
    assert_ok(rule(&root, &error));
    assert_string_equal(root, expected);
    free(root);
}

static void caches_follow_the_rules(void **state) {
    (void)state;
    setenv("HOME", "/h", 1);
    assert_root(cs_cache_root, "/h/.cache/clipsight");
    assert_root(cs_hub_root, "/h/.cache/huggingface/hub");
    setenv("XDG_CACHE_HOME", "relative", 1);
    assert_root(cs_cache_root, "/h/.cache/clipsight");
    setenv("XDG_CACHE_HOME", "/xdg", 1);
    assert_root(cs_cache_root, "/xdg/clipsight");
    assert_root(cs_hub_root, "/xdg/huggingface/hub");
    setenv("CLIPSIGHT_CACHE", "/own", 1);
    assert_root(cs_cache_root, "/own");
    setenv("HF_HOME", "/hf", 1);
    assert_root(cs_hub_root, "/hf/hub");
    setenv("HF_HUB_CACHE", "/cache", 1);
    assert_root(cs_hub_root, "/cache");
    cs_error error;
    char *root = NULL;
    unsetenv("CLIPSIGHT_CACHE");
    unsetenv("XDG_CACHE_HOME");
    unsetenv("HOME");
    assert_fails(cs_cache_root(&root, &error), CS_ERR_IO, "CLIPSIGHT_CACHE");
}

static void assert_found(const char *name, const char *below) {
    cs_error error;
    char *found = NULL, expected[1024];
    snprintf(expected, sizeof expected, "%s/%s", folder, below);
    assert_ok(cs_model_find(name, &found, &error));
    assert_string_equal(found, expected);
    cs_string_free(found);
}

/* Snapshots as huggingface_hub lays them out. */
static void finds_what_others_fetched(void **state) {
    (void)state;
    cs_error error;
    char *found = NULL;
    assert_fails(cs_model_find("some/model", &found, &error), CS_ERR_IO, "clipsight models pull some/model");
#define HUB ".cache/huggingface/hub/models--some--model"
    make_text(HUB "/refs/main", "1111");
    make_text(HUB "/snapshots/1111/config.json", "{\"model_type\": \"clip\"}");
    assert_fails(cs_model_find("some/model", &found, &error), CS_ERR_IO, "not on this machine"); /* no weights */
    make_text(HUB "/snapshots/2222/config.json", "{}");
    make_text(HUB "/snapshots/2222/model.safetensors", "x");
    assert_found("some/model", HUB "/snapshots/2222");
    make_text(HUB "/snapshots/1111/pytorch_model.bin", "x");
    assert_found("some/model", HUB "/snapshots/1111"); /* what refs/main names comes first */
    make_text(".cache/clipsight/models/some--model/config.json", "{}");
    assert_found("some/model", ".cache/clipsight/models/some--model");
}

static void lists_and_removes(void **state) {
    (void)state;
    cs_error error;
    cs_model_list *list = NULL;
    make_text(".cache/huggingface/hub/models--a--clip/snapshots/1/config.json", "{\"model_type\": \"clip\"}");
    make_text(".cache/huggingface/hub/models--a--clip/snapshots/1/model.safetensors", "x");
    make_text(".cache/huggingface/hub/models--a--gpt/snapshots/1/config.json", "{\"model_type\": \"gpt2\"}");
    make_text(".cache/huggingface/hub/models--a--gpt/snapshots/1/model.safetensors", "x");
    make_text(".cache/clipsight/models/b--own/config.json", "{}");
    make_text(".cache/clipsight/models/not-a-model/config.json", "{}");
    make_text(".cache/clipsight/partial/c--part/model.safetensors.part", "12345");
    make_text(".cache/clipsight/models/x", "a file");
    assert_ok(cs_models_list(&list, &error));
    assert_int_equal(cs_model_list_count(list), 4);
    assert_string_equal(cs_model_list_get(list, 0)->name, "starter");
    assert_string_equal(cs_model_list_get(list, 1)->name, "a/clip");
    assert_int_equal(cs_model_list_get(list, 1)->source, CS_SOURCE_HUGGINGFACE);
    assert_int_equal(cs_model_list_get(list, 1)->bytes, 23);
    assert_string_equal(cs_model_list_get(list, 2)->name, "b/own");
    assert_int_equal(cs_model_list_get(list, 2)->source, CS_SOURCE_CACHE);
    assert_int_equal(cs_model_list_get(list, 3)->source, CS_SOURCE_PARTIAL);
    assert_int_equal(cs_model_list_get(list, 3)->bytes, 5);
    assert_null(cs_model_list_get(list, 4));
    cs_model_list_free(list);

    assert_fails(cs_models_remove("a/clip", &error), CS_ERR_ARGUMENT, "belongs to other programs");
    assert_fails(cs_models_remove("starter", &error), CS_ERR_ARGUMENT, "starter");
    assert_fails(cs_models_remove("no/model", &error), CS_ERR_IO, "not in clipsight's cache");
    assert_fails(cs_models_remove(folder, &error), CS_ERR_ARGUMENT, "owner/name");
    assert_ok(cs_models_remove("b/own", &error));
    assert_ok(cs_models_remove("c/part", &error));
    assert_fails(cs_models_remove("b/own", &error), CS_ERR_IO, "not in clipsight's cache");
    assert_ok(cs_models_list(&list, &error));
    assert_int_equal(cs_model_list_count(list), 2);
    cs_model_list_free(list);
    char command[1024];
    snprintf(command, sizeof command, "ls -d '%s'/.cache/clipsight/trash* 2>/dev/null", folder);
    assert_int_not_equal(system(command), 0);
}

static void assert_license(const char *card, const char *expected) {
    cs_error error;
    char *license = (char *)"untouched";
    make_text("card/README.md", card);
    char path[1024];
    snprintf(path, sizeof path, "%s/card", folder);
    assert_ok(cs_model_license(path, &license, &error));
    if (expected)
        assert_string_equal(license, expected);
    else
        assert_null(license);
    cs_string_free(license);
}

static void reads_licences(void **state) {
    (void)state;
    assert_license("---\nlicense: mit\ntags:\n- vision\n---\n# x\n", "mit");
    assert_license("---\r\ntags: x\r\nlicense:  \"apache-2.0\" \r\n---\r\n", "apache-2.0");
    assert_license("---\nlicense: other\nlicense_name: apple-ascl\n---\n", "apple-ascl");
    assert_license("---\nlicense:\n---\n", NULL);
    assert_license("# A card\nlicense: mit\n", NULL);
    assert_license("---\ntags: x\n---\nlicense: mit\n", NULL);
    assert_license("---\nlicense: mit\n", NULL); /* a block without an end is no block */
    assert_license("", NULL);
}

static void waits_longer_each_time(void **state) {
    (void)state;
    assert_float_equal(cs_pause_length(1, 1, 0), 1, 1e-9);
    assert_float_equal(cs_pause_length(1, 3, 0), 4, 1e-9);
    assert_float_equal(cs_pause_length(1, 50, 0), 30, 1e-9);
    assert_float_equal(cs_pause_length(1, 1, 7), 7, 1e-9);
    assert_float_equal(cs_pause_length(1, 1, 100000), 60, 1e-9);
}

/* A listing of these files, the names parted by spaces, each of 10 bytes. */
static cs_listing listing_of(const char *names) {
    cs_error error;
    cs_listing listing;
    char text[4096], copy[1024];
    snprintf(copy, sizeof copy, "%s", names);
    size_t at = (size_t)snprintf(text, sizeof text,
                                 "{\"sha\": \"abcdef0123\", \"siblings\": [{\"rfilename\": \"../x\", \"size\": 1}");
    for (char *name = strtok(copy, " "); name; name = strtok(NULL, " "))
        at += (size_t)snprintf(text + at, sizeof text - at, ",{\"rfilename\": \"%s\", \"size\": 10}", name);
    snprintf(text + at, sizeof text - at, "]}");
    assert_ok(cs_listing_parse(text, "a/b", "main", &listing, &error));
    return listing;
}

static void assert_plan(const char *name, int may_convert, const char *there, const char *wanted) {
    cs_error error;
    cs_plan plan;
    cs_listing listing = listing_of(there);
    char got[1024] = "";
    assert_ok(cs_plan_make(name, &listing, may_convert, &plan, &error));
    for (size_t i = 0; i < plan.count; i++) {
        assert_string_equal(plan.files[i].commit, "abcdef0123");
        snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i ? " " : "", plan.files[i].name);
    }
    if (plan.wants_conversion) strcat(got, " +conversion");
    if (plan.wants_shards) strcat(got, " +shards");
    assert_string_equal(got, wanted);
    assert_int_equal(plan.bytes, plan.count * 10);
    cs_plan_clear(&plan);
    cs_listing_clear(&listing);
}

#define CHAPTER "openai/clip-vit-base-patch32"

static void chooses_files(void **state) {
    (void)state;
    assert_plan("a/b", 1, "model.safetensors pytorch_model.bin config.json tokenizer.json vocab.json merges.txt x.py",
                "config.json tokenizer.json model.safetensors");
    assert_plan("a/b", 1, "config.json vocab.json merges.txt processor_config.json pytorch_model.bin README.md",
                "README.md config.json processor_config.json vocab.json merges.txt pytorch_model.bin");
    assert_plan("a/b", 1, "config.json vocab.json pytorch_model.bin preprocessor_config.json processor_config.json",
                "config.json preprocessor_config.json pytorch_model.bin");
    assert_plan("a/b", 1, "config.json model.safetensors.index.json model-1.safetensors pytorch_model.bin",
                "config.json model.safetensors.index.json +shards");
    /* image towers beside whole models, and whole models in both layouts */
    assert_plan("timm/x", 1,
                "config.json model.safetensors open_clip_config.json open_clip_model.safetensors tokenizer.json",
                "open_clip_config.json tokenizer.json open_clip_model.safetensors");
    assert_plan("laion/x", 1,
                "config.json model.safetensors open_clip_config.json open_clip_model.safetensors tokenizer.json "
                "preprocessor_config.json",
                "config.json preprocessor_config.json tokenizer.json model.safetensors");
    assert_plan("apple/x", 1, "open_clip_config.json open_clip_pytorch_model.bin",
                "open_clip_config.json open_clip_pytorch_model.bin");
    /* known conversions: only where there is nothing better, and nobody asked for a revision */
    assert_plan(CHAPTER, 1, "config.json tokenizer.json pytorch_model.bin", "config.json tokenizer.json +conversion");
    assert_plan(CHAPTER, 0, "config.json tokenizer.json pytorch_model.bin",
                "config.json tokenizer.json pytorch_model.bin");
    assert_plan(CHAPTER, 1, "config.json model.safetensors pytorch_model.bin", "config.json model.safetensors");
    assert_plan("a/b", 1, "config.json pytorch_model.bin", "config.json pytorch_model.bin");
}

static void refuses_what_is_no_model(void **state) {
    (void)state;
    cs_error error;
    cs_plan plan;
    cs_listing listing = listing_of("config.json tf_model.h5");
    assert_fails(cs_plan_make("a/b", &listing, 1, &plan, &error), CS_ERR_UNSUPPORTED, "pytorch_model.bin");
    cs_listing_clear(&listing);
    listing = listing_of("model.safetensors");
    assert_fails(cs_plan_make("a/b", &listing, 1, &plan, &error), CS_ERR_UNSUPPORTED, "config.json");
    cs_listing_clear(&listing);
    static const char *const bad[] = {"",
                                      "[]",
                                      "{}",
                                      "{\"siblings\": 3}",
                                      "{\"siblings\": [{\"rfilename\": \"a\"}]}",
                                      "{\"siblings\": [{\"rfilename\": \"a\", \"size\": -1}]}",
                                      NULL};
    for (const char *const *each = bad; *each; each++)
        assert_fails(cs_listing_parse(*each, "a/b", "main", &listing, &error), CS_ERR_FORMAT, "a/b: ");
}

/* The table's entry, word for word. */
static void knows_the_chapters_conversion(void **state) {
    (void)state;
    cs_error error;
    cs_plan plan = {0};
    cs_listing listing;
    const cs_conversion *conversion = cs_conversion_find(CHAPTER);
    assert_string_equal(conversion->revision, "refs/pr/15");
    assert_string_equal(conversion->file, "model.safetensors");
    assert_true(conversion->size == 605157884);
    assert_null(cs_conversion_find("openai/clip-vit-base-patch3"));
    char text[1024], hash[65];
    memset(hash, 'a', 64);
    hash[64] = '\0';
    const char *form =
        "{\"sha\": \"1234567890\", \"siblings\": [{\"rfilename\": \"model.safetensors\", \"size\": 135, \"lfs\": "
        "{\"size\": %d, \"sha256\": \"%s\"}}]}";
    snprintf(text, sizeof text, form, 605157884, hash);
    assert_ok(cs_listing_parse(text, CHAPTER, "refs/pr/15", &listing, &error));
    assert_ok(cs_plan_add_conversion(conversion, &listing, &plan, &error));
    assert_string_equal(plan.files[0].digest.hex, hash);
    assert_string_equal(plan.files[0].commit, "1234567890");
    cs_plan_clear(&plan);
    cs_listing_clear(&listing);
    for (int i = 0; i < 2; i++) { /* another size, no hash */
        snprintf(text, sizeof text, form, i ? 605157884 : 605157885, i ? "" : hash);
        assert_ok(cs_listing_parse(text, CHAPTER, "refs/pr/15", &listing, &error));
        assert_fails(cs_plan_add_conversion(conversion, &listing, &plan, &error), CS_ERR_FORMAT, "605157884 bytes");
        cs_listing_clear(&listing);
    }
}

static void refuses_bad_shards(void **state) {
    (void)state;
    cs_error error;
    cs_plan plan = {0};
    cs_listing listing = listing_of("config.json model-1.safetensors");
    static const char *const bad[] = {"{\"weight_map\": {\"a\": \"../model-1.safetensors\"}}",
                                      "{\"weight_map\": {\"a\": \"model-2.safetensors\"}}",
                                      "{\"weight_map\": {\"a\": 1}}",
                                      "{\"weight_map\": []}",
                                      "nothing",
                                      NULL};
    for (const char *const *each = bad; *each; each++)
        assert_fails(cs_plan_add_shards("a/b", *each, &listing, &plan, &error), CS_ERR_FORMAT, "model a/b: its index");
    assert_ok(cs_plan_add_shards("a/b", "{\"weight_map\": {\"a\": \"model-1.safetensors\"}}", &listing, &plan, &error));
    assert_int_equal(plan.count, 1);
    cs_plan_clear(&plan);
    cs_listing_clear(&listing);
}

#define PART_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {PART_TEST(hashes),
                                       PART_TEST(takes_over_only_hashes),
                                       PART_TEST(builds_addresses),
                                       PART_TEST(compares_origins),
                                       PART_TEST(knows_names),
                                       PART_TEST(caches_follow_the_rules),
                                       PART_TEST(finds_what_others_fetched),
                                       PART_TEST(lists_and_removes),
                                       PART_TEST(reads_licences),
                                       PART_TEST(waits_longer_each_time),
                                       PART_TEST(chooses_files),
                                       PART_TEST(refuses_what_is_no_model),
                                       PART_TEST(knows_the_chapters_conversion),
                                       PART_TEST(refuses_bad_shards)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

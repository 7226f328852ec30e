/* What the public functions refuse before any kind of store sees it. */
#include <math.h>

#include "store/synthetic.h"

enum { DIM = 4 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static char *folder;
static cs_store *store;
static cs_error error;

static int setup(void **state) {
    char file[4096];
    cs_store_options options = {&MODEL, 1, 1};
    (void)state;
    folder = make_folder();
    snprintf(file, sizeof file, "%s/store.sqlite", folder);
    return cs_store_open(file, &options, &store, &error) == CS_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    cs_store_close(store);
    remove_folder(folder);
    return 0;
}

static void test_open(void **state) {
    (void)state;
    cs_store *none = NULL;
    cs_store_model nameless = {NULL, DIM, "starter"}, flat = {"x", 0, "starter"};
    cs_store_options options = {&nameless, 1, 0};
    assert_fails(cs_store_open(NULL, NULL, &none, &error), CS_ERR_ARGUMENT, "no file named");
    assert_fails(cs_store_open("", NULL, &none, &error), CS_ERR_ARGUMENT, "no file named");
    assert_fails(cs_store_open("/x", &options, &none, &error), CS_ERR_ARGUMENT, "weights_id");
    options.model = &flat;
    assert_fails(cs_store_open("/x", &options, &none, &error), CS_ERR_ARGUMENT, "found 0");
    assert_fails(cs_store_open("postgresql://me:secret@host/db", &options, &none, &error), CS_ERR_ARGUMENT, "found 0");
    assert_null(strstr(error.message, "secret"));
    assert_null(none);
}

static void refuse(const cs_store_photo *photo, cs_status status, const char *part) {
    assert_fails(cs_store_put(store, photo, 1, &error), status, part);
}

static void test_photographs(void **state) {
    (void)state;
    float embedding[DIM] = {1, 0, 0, 0};
    const cs_rect box = {0, 0, 4, 3};
    const cs_store_photo good = {
        .path = "/a", .width = 4, .height = 3, .rows = 1, .boxes = &box, .embeddings = embedding};
    cs_store_photo photo = good;
    assert_ok(cs_store_put(store, &good, 1, &error));
    photo.path = "a";
    refuse(&photo, CS_ERR_ARGUMENT, "a: expected an absolute path");
    photo.path = NULL;
    refuse(&photo, CS_ERR_ARGUMENT, "NULL");
    photo = good, photo.boxes = NULL;
    refuse(&photo, CS_ERR_ARGUMENT, "/a: expected embeddings with their boxes");
    photo = good, photo.rows = 0;
    refuse(&photo, CS_ERR_ARGUMENT, "/a: expected embeddings");
    photo = good, photo.problem = "broken";
    refuse(&photo, CS_ERR_ARGUMENT, "exclude each other");
    photo = good, photo.height = 0;
    refuse(&photo, CS_ERR_ARGUMENT, "positive");
    photo = good, photo.rows = (size_t)1 << 60;
    refuse(&photo, CS_ERR_LIMIT, "more than a store takes");
    embedding[1] = NAN;
    refuse(&good, CS_ERR_ARGUMENT, "/a: embedding 0 is not of unit length");
    embedding[1] = 0.1f;
    refuse(&good, CS_ERR_ARGUMENT, "unit length");
    embedding[1] = 0.01f;
    assert_ok(cs_store_put(store, &good, 1, &error));
    assert_fails(cs_store_put(store, NULL, 1, &error), CS_ERR_ARGUMENT, "no photographs");
}

static void test_paths(void **state) {
    (void)state;
    const char *const relative[] = {"/a", "b"};
    const cs_store_photo photo = {.path = "b"};
    const char *const *paths;
    cs_store_photo *found = NULL;
    size_t n;
    assert_fails(cs_store_remove(store, relative, 2, &error), CS_ERR_ARGUMENT, "b: expected an absolute path");
    assert_fails(cs_store_offer(store, relative, 2, &error), CS_ERR_ARGUMENT, "b: expected an absolute path");
    assert_fails(cs_store_drop(store, relative, 2, &error), CS_ERR_ARGUMENT, "b: expected an absolute path");
    assert_fails(cs_store_touch(store, &photo, 1, &error), CS_ERR_ARGUMENT, "b: expected an absolute path");
    assert_fails(cs_store_remove(store, NULL, 1, &error), CS_ERR_ARGUMENT, "no paths");
    assert_fails(cs_store_find_path(store, "b", &found, &error), CS_ERR_ARGUMENT, "b: expected an absolute path");
    assert_fails(cs_store_find_path(store, NULL, &found, &error), CS_ERR_ARGUMENT, "NULL");
    assert_fails(cs_store_take(store, 0, &paths, &n, &error), CS_ERR_ARGUMENT, "at least one");
}

static void test_queries(void **state) {
    (void)state;
    float embedding[DIM] = {0, 1, 0, 0};
    cs_query query = {embedding, 1};
    cs_search_options options = {.has_min_score = 1, .min_score = NAN};
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, NULL, &hits, &error));
    cs_hits_free(hits);
    hits = NULL;
    assert_fails(cs_store_search(store, &query, 1, &options, &hits, &error), CS_ERR_ARGUMENT, "minimum");
    query.weight = 0;
    assert_fails(cs_store_search(store, &query, 1, NULL, &hits, &error), CS_ERR_ARGUMENT, "no weight is positive");
    query.weight = INFINITY;
    assert_fails(cs_store_search(store, &query, 1, NULL, &hits, &error), CS_ERR_ARGUMENT, "weight 0");
    query.weight = 1;
    embedding[0] = 1;
    assert_fails(cs_store_search(store, &query, 1, NULL, &hits, &error), CS_ERR_ARGUMENT, "unit length");
    embedding[0] = NAN;
    assert_fails(cs_store_search(store, &query, 1, NULL, &hits, &error), CS_ERR_ARGUMENT, "unit length");
    query.embedding = NULL;
    assert_fails(cs_store_search(store, &query, 1, NULL, &hits, &error), CS_ERR_ARGUMENT, "embedding 0");
    assert_null(hits);
}

static void check_default(const char *data, const char *home, const char *expected) {
    char *where = NULL;
    data ? setenv("XDG_DATA_HOME", data, 1) : unsetenv("XDG_DATA_HOME");
    home ? setenv("HOME", home, 1) : unsetenv("HOME");
    if (!expected) {
        assert_fails(cs_store_default(&where, &error), CS_ERR_IO, "HOME");
        assert_null(where);
        return;
    }
    assert_ok(cs_store_default(&where, &error));
    assert_string_equal(where, expected);
    cs_string_free(where);
}

static void test_default(void **state) {
    (void)state;
    check_default("/data", "/me", "/data/clipsight/search.sqlite");
    check_default("relative", "/me", "/me/.local/share/clipsight/search.sqlite");
    check_default(NULL, "/me", "/me/.local/share/clipsight/search.sqlite");
    check_default(NULL, NULL, NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open),    cmocka_unit_test(test_photographs), cmocka_unit_test(test_paths),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_default),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}

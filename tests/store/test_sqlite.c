/* Stores in a SQLite file: what is put is what comes back. */
#include "store/synthetic.h"

enum { DIM = 24 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static char *folder;
static char file[4096];
static cs_error error;

static cs_store *open_store(int create) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, create, 2};
    assert_ok(cs_store_open(file, &options, &store, &error));
    return store;
}

static int setup(void **state) {
    (void)state;
    folder = make_folder();
    snprintf(file, sizeof file, "%s/store.sqlite", folder);
    return 0;
}

static int teardown(void **state) {
    (void)state;
    remove_folder(folder);
    return 0;
}

static void put(cs_store *store, const char *path, uint64_t seed, size_t rows) {
    cs_store_photo photo = synthetic_photo(path, seed, rows, DIM);
    assert_ok(cs_store_put(store, &photo, 1, &error));
    synthetic_free(&photo);
}

/* The photograph that fits row `row` of `seed` best. */
static char *best(cs_store *store, uint64_t seed, size_t row, cs_hit *hit) {
    float embedding[DIM];
    static char path[4096];
    cs_hits *hits = NULL;
    synthetic_unit(seed * 1000 + row, DIM, embedding);
    cs_query query = {embedding, 1};
    cs_search_options options = {.top = 1};
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    path[0] = '\0';
    if (cs_hits_count(hits) > 0) {
        *hit = *cs_hits_get(hits, 0);
        snprintf(path, sizeof path, "%s", hit->path);
    }
    cs_hits_free(hits);
    return path;
}

static void check_info(cs_store *store, size_t photographs, size_t broken, size_t rows) {
    cs_store_info info;
    assert_ok(cs_store_describe(store, &info, &error));
    assert_string_equal(info.kind, "sqlite");
    assert_string_equal(info.where, file);
    assert_string_equal(info.model.weights_id, MODEL.weights_id);
    assert_string_equal(info.model.name, MODEL.name);
    assert_int_equal(info.model.dim, DIM);
    assert_int_equal(info.photographs, photographs);
    assert_int_equal(info.broken, broken);
    assert_int_equal(info.rows, rows);
}

static void test_put_and_search(void **state) {
    cs_hit hit;
    (void)state;
    cs_store *store = open_store(1);
    check_info(store, 0, 0, 0);
    assert_string_equal(best(store, 1, 0, &hit), "");
    put(store, "/a/1.jpg", 1, 1);
    put(store, "/a/2.jpg", 2, 5);
    put(store, "/a/broken.jpg", 3, 0);
    check_info(store, 2, 1, 6);
    for (int again = 0; again < 2; again++) {
        assert_string_equal(best(store, 1, 0, &hit), "/a/1.jpg");
        assert_float_equal(hit.score, 1, 1e-6);
        assert_string_equal(best(store, 2, 3, &hit), "/a/2.jpg");
        assert_int_equal(hit.box.x, 3);
        assert_int_equal(hit.width, 642);
        cs_store_close(store);
        store = open_store(0);
    }
    cs_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_put_and_search, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

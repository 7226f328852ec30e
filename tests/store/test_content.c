/* Photographs by their content: the table in memory, and what a store in SQLite makes of it. */
#include "store/content.h"
#include "store/open_store.h"
#include "store/store_folder.h"
#include "store/synthetic.h"

enum { DIM = 6, MANY = 5000 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static cs_error error;

static void make_hash(uint64_t seed, uint8_t hash[32]) {
    for (int i = 0; i < 32; i++)
        hash[i] = (uint8_t)next_bits(&seed);
}

/* All ids with this hash, added up. */
static int64_t sum_of(const cs_content *content, uint64_t seed) {
    uint8_t hash[32];
    int64_t sum = 0, id;
    make_hash(seed, hash);
    size_t at = cs_content_start(content, hash);
    while ((id = cs_content_next(content, hash, &at)) != 0)
        sum += id;
    return sum;
}

static void test_table(void **state) {
    (void)state;
    cs_content content = {NULL, 0, 0};
    uint8_t hash[32];
    assert_int_equal(sum_of(&content, 1), 0);
    for (int i = 1; i <= MANY; i++) {
        make_hash((uint64_t)i, hash);
        assert_true(cs_content_add(&content, hash, i));
        if (i % 10 == 0) assert_true(cs_content_add(&content, hash, 2 * MANY)); /* a copy */
    }
    for (int i = 1; i <= MANY; i++)
        assert_int_equal(sum_of(&content, (uint64_t)i), i + (i % 10 == 0 ? 2 * MANY : 0));
    for (int i = MANY + 1; i < 2 * MANY; i++)
        assert_int_equal(sum_of(&content, (uint64_t)i), 0);
    cs_content_clear(&content);
    assert_int_equal(sum_of(&content, 1), 0);
}

/* All with keys that meet at the end of the table and go on at its beginning. */
static void test_table_end(void **state) {
    (void)state;
    cs_content content = {NULL, 0, 0};
    uint8_t hash[32];
    memset(hash, 0xff, sizeof hash);
    for (int i = 1; i <= 600; i++) {
        hash[7] = (uint8_t)i;
        assert_true(cs_content_add(&content, hash, i));
    }
    hash[7] = 3;
    size_t at = cs_content_start(&content, hash);
    int64_t sum = 0, id;
    while ((id = cs_content_next(&content, hash, &at)) != 0)
        sum += id;
    assert_int_equal(sum, 3 + 259 + 515);
    cs_content_clear(&content);
}

/* ---- In a store ---- */

static void put(cs_store *store, const char *path, uint64_t seed, size_t rows) {
    cs_store_photo photo = synthetic_photo(path, seed, rows, DIM);
    assert_ok(cs_store_put(store, &photo, 1, &error));
    synthetic_free(&photo);
}

/* The path of the photograph with the content of `seed`; "" for none. */
static const char *path_of(cs_store *store, uint64_t seed) {
    static char path[64];
    cs_store_photo like = synthetic_photo("/like", seed, 1, DIM), *found = NULL;
    assert_ok(cs_store_find_content(store, like.hash, &found, &error));
    snprintf(path, sizeof path, "%s", found ? found->path : "");
    if (found) {
        assert_memory_equal(found->hash, like.hash, 32);
        assert_memory_equal(found->embeddings, like.embeddings, DIM * sizeof(float));
    }
    cs_store_photo_free(found);
    synthetic_free(&like);
    return path;
}

static void test_store(void **state) {
    (void)state;
    cs_store *store = open_store_of(&MODEL, file, 1, 1), *other = open_store_of(&MODEL, file, 1, 1);
    assert_string_equal(path_of(store, 1), "");
    put(store, "/a", 1, 1);
    assert_string_equal(path_of(store, 1), "/a");
    put(store, "/a", 2, 3); /* other contents, the same id */
    assert_string_equal(path_of(store, 1), "");
    assert_string_equal(path_of(store, 2), "/a");
    put(other, "/b", 3, 1);
    assert_string_equal(path_of(store, 3), "/b");
    put(store, "/a", 4, 0); /* it broke */
    assert_string_equal(path_of(store, 2), "");
    assert_string_equal(path_of(store, 4), "");
    put(store, "/a", 2, 1);
    put(store, "/c", 2, 1);
    const char *const gone[] = {"/a"};
    assert_ok(cs_store_remove(store, gone, 1, &error));
    assert_string_equal(path_of(store, 2), "/c"); /* the copy is left */
    assert_string_equal(path_of(other, 2), "/c");
    cs_store_close(store);
    cs_store_close(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_table_end),
        cmocka_unit_test_setup_teardown(test_store, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

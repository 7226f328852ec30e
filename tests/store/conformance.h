/* What a store must do, whatever its kind: the tests of both kinds. A test program defines fresh_store(), includes
 * this, and adds CONFORMANCE_TESTS to its list. */
#ifndef CS_TESTS_STORE_CONFORMANCE_H
#define CS_TESTS_STORE_CONFORMANCE_H

#include "store/samples.h"

/* Where a store may be made that is not there yet; valid until the next call. */
static const char *fresh_store(void);

/* ---- Opening ---- */

static void test_what_is_not_there(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = NULL;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    const char *where = fresh_store();
    assert_int_not_equal(cs_store_open(where, &options, &store, &error), CS_OK);
    assert_null(store);
    options.create = 1;
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "model");
    assert_null(store);
}

static void test_made_and_opened_again(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store_close(open_store(where, 1));
    cs_store_close(open_store(where, 1));
    cs_store *store = NULL;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    assert_ok(cs_store_open(where, &options, &store, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_info info = describe(store);
    assert_string_equal(info.model.weights_id, WEIGHTS);
    assert_string_equal(info.model.name, "starter");
    assert_int_equal(info.model.dim, DIM);
    assert_false(info.windows);
    cs_store_close(store);
}

static void test_another_models_embeddings(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store_close(open_store(where, 1));
    cs_store *store = NULL;
    cs_store_model other = {"sha256:fedcba", DIM, "another"};
    cs_store_options options = {&other, 1, 0};
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "starter");
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "another");
    other = (cs_store_model){WEIGHTS, DIM + 1, "another"};
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_ARGUMENT, "another");
    assert_null(store);
}

static void test_windows_stay(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    assert_ok(cs_store_set_windows(store, &error));
    assert_ok(cs_store_set_windows(store, &error));
    assert_true(describe(store).windows);
    cs_store_close(store);
    store = open_store(where, 0);
    assert_true(describe(store).windows);
    cs_store_close(store);
}

/* ---- Keeping ---- */

static void test_photographs_come_back(void **state) {
    (void)state;
    static sample s;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 7, 3));
    cs_store_close(store);
    store = open_store(where, 0);
    listing *list = list_of(store, "");
    assert_int_equal(list->n, 1);
    assert_string_equal(list->paths[0], "/p/a.jpg");
    const cs_store_photo *photo = &list->photos[0];
    assert_int_equal(photo->bytes, 1007);
    assert_int_equal(photo->modified, 1700000000123456796);
    assert_memory_equal(photo->hash, s.photo.hash, 32);
    assert_int_equal(photo->width, 640);
    assert_int_equal(photo->height, 480);
    assert_int_equal(photo->rows, 3);
    assert_null(photo->problem);
    assert_counts(store, 1, 0, 3);
    cs_store_close(store);
}

static void test_extreme_numbers(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    make_sample(&s, "/p/a.jpg", 7, 1);
    s.photo.bytes = (uint64_t)1 << 62;
    s.photo.modified = -5;
    s.photo.width = 2147483647;
    put_one(store, &s.photo);
    listing *list = list_of(store, "");
    assert_true(list->photos[0].bytes == (uint64_t)1 << 62);
    assert_true(list->photos[0].modified == -5);
    assert_int_equal(list->photos[0].width, 2147483647);
    cs_store_close(store);
}

static void test_any_path(void **state) {
    (void)state;
    static sample s;
    static char deep[4097];
    deep[0] = '/';
    uint64_t numbers = 5; /* nothing that could be compressed */
    for (size_t i = 1; i < sizeof deep - 1; i++)
        deep[i] = (char)(1 + (int)((next_number(&numbers) + 1) * 127));
    const char *paths[] = {
        "/",  "/a'b", "/a\"b", "/a\\b", "/a%b_c", "/a\nb\tc", "/\x01\x7f", "/\xc3\xa9t\xc3\xa9", "/\xff\xfe\x80",
        "/A", "/a",   "/a ",   deep,    "/\\x41"};
    size_t n = sizeof paths / sizeof *paths;
    cs_store *store = open_store(fresh_store(), 1);
    for (size_t i = 0; i < n; i++)
        put_one(store, make_sample(&s, paths[i], i, 1));
    listing *list = list_of(store, "");
    assert_int_equal(list->n, n);
    for (size_t i = 1; i < n; i++) /* strcmp compares as unsigned bytes */
        assert_true(strcmp(list->paths[i - 1], list->paths[i]) < 0);
    for (size_t i = 0; i < n; i++) {
        size_t found = 0;
        while (found < n && strcmp(list->paths[found], paths[i]))
            found++;
        assert_true(found < n);
        assert_int_equal(list->photos[found].bytes, 1000 + i);
    }
    cs_error error;
    assert_ok(cs_store_remove(store, paths, n, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_close(store);
}

static void test_prefixes(void **state) {
    (void)state;
    static sample s;
    const char *paths[] = {"/a/1", "/a/2", "/a%/3", "/ab/4", "/a_/5", "/\xff/6", "/\xff\xff/7"};
    cs_store *store = open_store(fresh_store(), 1);
    for (size_t i = 0; i < 7; i++)
        put_one(store, make_sample(&s, paths[i], i, 1));
    assert_int_equal(list_of(store, "/a/")->n, 2);
    assert_int_equal(list_of(store, "/a%/")->n, 1);
    assert_int_equal(list_of(store, "/a_/")->n, 1);
    assert_int_equal(list_of(store, "/\xff")->n, 2);
    assert_int_equal(list_of(store, "/\xff\xff")->n, 1);
    assert_int_equal(list_of(store, "/a/1")->n, 1);
    assert_int_equal(list_of(store, "/a/12")->n, 0);
    assert_int_equal(list_of(store, "/A")->n, 0);
    assert_int_equal(list_of(store, "/")->n, 7);
    cs_store_close(store);
}

static void test_stopping_a_listing(void **state) {
    (void)state;
    cs_error error;
    static listing list;
    memset(&list, 0, sizeof list);
    list.stop_after = 2;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 5, 1);
    assert_int_equal(cs_store_each(store, "", note_photo, &list, &error), CS_ERR_CANCELLED);
    assert_int_equal(list.n, 2);
    assert_int_equal(list_of(store, "")->n, 5);
    cs_store_close(store);
}

static void test_put_takes_the_place(void **state) {
    (void)state;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 4));
    put_one(store, make_sample(&t, "/p/b.jpg", 2, 2));
    assert_counts(store, 2, 0, 6);
    put_one(store, make_sample(&s, "/p/a.jpg", 3, 1));
    assert_counts(store, 2, 0, 3);
    put_one(store, make_broken(&s, "/p/b.jpg", 4));
    assert_counts(store, 1, 1, 1);
    listing *list = list_of(store, "");
    assert_int_equal(list->photos[0].bytes, 1003);
    assert_int_equal(list->photos[1].bytes, 1004);
    put_one(store, make_sample(&s, "/p/b.jpg", 5, 2));
    assert_counts(store, 2, 0, 3);
    cs_store_close(store);
}

static void test_one_path_twice_in_a_put(void **state) {
    (void)state;
    cs_error error;
    static sample s[3];
    cs_store *store = open_store(fresh_store(), 1);
    cs_store_photo photos[3] = {*make_sample(&s[0], "/p/a.jpg", 1, 4), *make_sample(&s[1], "/p/b.jpg", 2, 1),
                                *make_sample(&s[2], "/p/a.jpg", 3, 2)};
    assert_ok(cs_store_put(store, photos, 3, &error));
    assert_counts(store, 2, 0, 3);
    assert_int_equal(list_of(store, "/p/a")->photos[0].bytes, 1003);
    cs_store_close(store);
}

static void test_nothing_to_do(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    assert_ok(cs_store_put(store, NULL, 0, &error));
    assert_ok(cs_store_touch(store, NULL, 0, &error));
    assert_ok(cs_store_remove(store, NULL, 0, &error));
    assert_ok(cs_store_offer(store, NULL, 0, &error));
    assert_ok(cs_store_drop(store, NULL, 0, &error));
    assert_ok(cs_store_finish(store, &error));
    assert_counts(store, 0, 0, 0);
    cs_store_close(store);
    cs_store_close(NULL);
}

static void test_broken_photographs(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_broken(&s, "/p/broken.jpg", 3));
    put_one(store, make_sample(&s, "/p/sound.jpg", 4, 1));
    assert_counts(store, 1, 1, 1);
    listing *list = list_of(store, "/p/b");
    assert_int_equal(list->n, 1);
    assert_int_equal(list->photos[0].rows, 0);
    assert_string_equal(list->problem, "not a JPEG: \xff\xfe 'quoted' \\x41");
    cs_store_close(store);
}

static void test_touch(void **state) {
    (void)state;
    cs_error error;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 3));
    cs_store_photo touched[2] = {*make_sample(&s, "/p/a.jpg", 50, 0), *make_sample(&t, "/p/none.jpg", 51, 0)};
    assert_ok(cs_store_touch(store, touched, 2, &error));
    assert_counts(store, 1, 0, 3);
    const cs_store_photo *photo = &list_of(store, "")->photos[0];
    assert_int_equal(photo->bytes, 1050);
    assert_int_equal(photo->modified, 1700000000123456839);
    assert_int_equal(photo->hash[0], 0x41); /* what it had */
    cs_store_close(store);
}

static void test_remove(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 10, 3);
    const char *paths[] = {"/p/0003.jpg", "/p/none.jpg", "/p/0004.jpg"};
    assert_ok(cs_store_remove(store, paths, 3, &error));
    assert_counts(store, 8, 0, 19 - 1 - 2);
    assert_int_equal(list_of(store, "/p/0003")->n, 0);
    float vector[DIM];
    make_vector(4 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 8);
    for (size_t i = 0; i < 8; i++)
        assert_string_not_equal(cs_hits_get(hits, i)->path, "/p/0004.jpg");
    cs_hits_free(hits);
    cs_store_close(store);
}

/* All but boxes and embeddings of put_many()'s photograph 2, with three rows. */
static void assert_second(const cs_store_photo *photo, const sample *s) {
    assert_string_equal(photo->path, "/p/0002.jpg");
    assert_int_equal(photo->bytes, 1002);
    assert_int_equal(photo->modified, 1700000000123456791);
    assert_memory_equal(photo->hash, s->photo.hash, 32);
    assert_int_equal(photo->width, 640);
    assert_int_equal(photo->height, 480);
    assert_int_equal(photo->rows, 3);
    assert_null(photo->problem);
}

static void test_find_path(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    const char *const others[] = {"/p", "/p/", "/p/000", "/p/0002.jp", "/p/0002.jpgx", "/P/0002.jpg", "/\xff"};
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 5, 3);
    put_one(store, make_broken(&s, "/p/\xff\xfe's.jpg", 3));
    cs_store_photo *photo = NULL;
    assert_ok(cs_store_find_path(store, "/p/\xff\xfe's.jpg", &photo, &error));
    assert_string_equal(photo->path, "/p/\xff\xfe's.jpg");
    assert_string_equal(photo->problem, s.photo.problem);
    assert_int_equal(photo->rows, 0);
    cs_store_photo_free(photo);
    make_sample(&s, "/p/0002.jpg", 2, 3);
    assert_ok(cs_store_find_path(store, s.path, &photo, &error));
    assert_second(photo, &s);
    assert_null(photo->boxes);
    assert_null(photo->embeddings);
    cs_store_photo_free(photo);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        photo = &s.photo;
        assert_ok(cs_store_find_path(store, others[i], &photo, &error));
        assert_null(photo);
    }
    cs_store_close(store);
}

static void test_find_content(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 5, 3);
    put_one(store, make_broken(&s, "/p/broken.jpg", 3));
    make_sample(&s, "/p/0002.jpg", 2, 3);
    cs_store_photo *photo = NULL;
    assert_ok(cs_store_find_content(store, s.photo.hash, &photo, &error));
    assert_non_null(photo);
    assert_second(photo, &s);
    assert_memory_equal(photo->boxes, s.boxes, 3 * sizeof(cs_rect));
    assert_memory_equal(photo->embeddings, s.embeddings, 3 * DIM * sizeof(float)); /* to the bit */
    cs_store_photo_free(photo);
    cs_store_photo_free(NULL);
    uint8_t none[32] = {1, 2, 3}, zeros[32] = {0};
    photo = NULL;
    assert_ok(cs_store_find_content(store, none, &photo, &error));
    assert_null(photo);
    assert_ok(cs_store_find_content(store, zeros, &photo, &error));
    assert_null(photo);
    cs_store_close(store);
}

static void test_two_handles(void **state) {
    (void)state;
    static sample s;
    const char *where = fresh_store();
    cs_store *one = open_store(where, 1), *other = open_store(where, 0);
    put_one(one, make_sample(&s, "/p/a.jpg", 1, 2));
    assert_counts(other, 1, 0, 2);
    cs_store_close(one);
    float vector[DIM];
    make_vector(1 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_error error;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(other, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 1);
    cs_hits_free(hits);
    cs_store_close(other);
}

/* ---- Work ---- */

static void test_work(void **state) {
    (void)state;
    cs_error error;
    static sample s, t;
    cs_store *store = open_store(fresh_store(), 1);
    assert_taken(store, 5, NONE);
    const char *paths[] = {"/p/c.jpg", "/p/a.jpg", "/p/\xff.jpg", "/p/b.jpg"}, *more[] = {"/p/a.jpg", "/p/d.jpg"};
    assert_ok(cs_store_offer(store, paths, 4, &error));
    assert_ok(cs_store_offer(store, more, 2, &error));
    assert_taken(store, 2, TAKEN("/p/c.jpg", "/p/a.jpg"));
    put_one(store, make_sample(&s, "/p/c.jpg", 1, 1));
    /* What was neither put nor dropped comes again. */
    assert_taken(store, 2, TAKEN("/p/a.jpg", "/p/\xff.jpg"));
    cs_store_photo both[2] = {*make_sample(&s, "/p/a.jpg", 2, 1), *make_broken(&t, "/p/\xff.jpg", 3)};
    assert_ok(cs_store_put(store, both, 2, &error));
    assert_taken(store, 9, TAKEN("/p/b.jpg", "/p/d.jpg"));
    assert_ok(cs_store_drop(store, more + 1, 1, &error));
    assert_taken(store, 9, TAKEN("/p/b.jpg"));
    put_one(store, make_sample(&s, "/p/b.jpg", 4, 1));
    assert_taken(store, 9, NONE);
    assert_counts(store, 3, 1, 3);
    cs_store_close(store);
}

static void test_offering_again_what_was_put(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/a.jpg"};
    list_of(store, "");
    put_one(store, make_sample(&s, "/p/a.jpg", 1, 1));
    assert_ok(cs_store_offer(store, paths, 1, &error));
    assert_taken(store, 5, TAKEN("/p/a.jpg"));
    cs_store_close(store);
}

static void test_one_path_twice_in_an_offer(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/a.jpg", "/p/b.jpg", "/p/a.jpg"};
    assert_ok(cs_store_offer(store, paths, 3, &error));
    assert_taken(store, 5, TAKEN("/p/a.jpg", "/p/b.jpg"));
    cs_store_close(store);
}

/* ---- Searching ---- */

static void test_search(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 60, 1);
    search_every_way(store, 60, 1);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 60, 1);
    cs_store_close(store);
}

static void test_search_with_windows(void **state) {
    (void)state;
    cs_error error;
    const char *where = fresh_store();
    cs_store *store = open_store(where, 1);
    assert_ok(cs_store_set_windows(store, &error));
    put_many(store, 200, MOST_ROWS);
    search_every_way(store, 200, MOST_ROWS);
    assert_ok(cs_store_finish(store, &error));
    cs_store_close(store);
    store = open_store(where, 0);
    search_every_way(store, 200, MOST_ROWS);
    cs_store_close(store);
}

static void test_search_after_changes(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 50, 2);
    assert_ok(cs_store_finish(store, &error));
    char path[32];
    for (size_t i = 0; i < 50; i += 3) {
        snprintf(path, sizeof path, "/p/%04zu.jpg", i);
        put_one(store, make_sample(&s, path, 500 + i, 2)); /* others, for a while */
    }
    for (size_t i = 0; i < 50; i += 3) {
        snprintf(path, sizeof path, "/p/%04zu.jpg", i);
        put_one(store, make_sample(&s, path, i, 1 + i % 2));
    }
    search_every_way(store, 50, 2);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 50, 2);
    cs_store_close(store);
}

static void test_equal_scores_by_path(void **state) {
    (void)state;
    cs_error error;
    static sample s;
    cs_store *store = open_store(fresh_store(), 1);
    const char *paths[] = {"/p/d", "/p/\xff", "/p/a", "/p/c", "/p/B"}, *sorted[] = {"/p/B", "/p/a", "/p/c"};
    for (size_t i = 0; i < 5; i++)
        put_one(store, make_sample(&s, paths[i], 9, 1));
    put_one(store, make_sample(&s, "/p/0", 10, 1));
    cs_query query = {s.embeddings, 1};
    float vector[DIM];
    make_vector(9 * MOST_ROWS, DIM, vector);
    query.embedding = vector;
    for (int exact = 0; exact < 2; exact++) {
        cs_search_options options = {3, exact, 0, 0, NULL};
        cs_hits *hits = NULL;
        assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
        assert_int_equal(cs_hits_count(hits), 3);
        for (size_t i = 0; i < 3; i++)
            assert_string_equal(cs_hits_get(hits, i)->path, sorted[i]);
        cs_hits_free(hits);
    }
    cs_store_close(store);
}

static void test_searching_nothing(void **state) {
    (void)state;
    cs_error error;
    cs_store *store = open_store(fresh_store(), 1);
    float vector[DIM];
    make_vector(1, DIM, vector);
    cs_query query = {vector, 1}, negative = {vector, -1};
    cs_search_options options = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 0);
    cs_hits_free(hits);
    hits = NULL;
    assert_int_equal(cs_store_search(store, &negative, 1, &options, &hits, &error), CS_ERR_ARGUMENT);
    assert_int_equal(cs_store_search(store, NULL, 0, &options, &hits, &error), CS_ERR_ARGUMENT);
    assert_null(hits);
    cs_hits_free(NULL);
    cs_store_close(store);
}

static void test_too_many_queries(void **state) {
    (void)state;
    cs_error error;
    static float vectors[501][DIM];
    static cs_query queries[501];
    for (size_t i = 0; i < 501; i++) {
        make_vector(i, DIM, vectors[i]);
        queries[i] = (cs_query){vectors[i], 1};
    }
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 30, 1);
    cs_search_options search = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, queries, 500, &search, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 20);
    cs_hits_free(hits);
    assert_fails(cs_store_search(store, queries, 501, &search, &hits, &error), CS_ERR_LIMIT, "500");
    cs_store_close(store);
}

/* clang-format off */
#define CONFORMANCE_TESTS                                                                                              \
    cmocka_unit_test(test_what_is_not_there),                                                                          \
    cmocka_unit_test(test_made_and_opened_again),                                                                      \
    cmocka_unit_test(test_another_models_embeddings),                                                                  \
    cmocka_unit_test(test_windows_stay),                                                                               \
    cmocka_unit_test(test_photographs_come_back),                                                                      \
    cmocka_unit_test(test_extreme_numbers),                                                                            \
    cmocka_unit_test(test_any_path),                                                                                   \
    cmocka_unit_test(test_prefixes),                                                                                   \
    cmocka_unit_test(test_stopping_a_listing),                                                                         \
    cmocka_unit_test(test_put_takes_the_place),                                                                        \
    cmocka_unit_test(test_one_path_twice_in_a_put),                                                                    \
    cmocka_unit_test(test_nothing_to_do),                                                                              \
    cmocka_unit_test(test_broken_photographs),                                                                         \
    cmocka_unit_test(test_touch),                                                                                      \
    cmocka_unit_test(test_remove),                                                                                     \
    cmocka_unit_test(test_find_path),                                                                                  \
    cmocka_unit_test(test_find_content),                                                                               \
    cmocka_unit_test(test_two_handles),                                                                                \
    cmocka_unit_test(test_work),                                                                                       \
    cmocka_unit_test(test_offering_again_what_was_put),                                                                \
    cmocka_unit_test(test_one_path_twice_in_an_offer),                                                                 \
    cmocka_unit_test(test_search),                                                                                     \
    cmocka_unit_test(test_search_with_windows),                                                                        \
    cmocka_unit_test(test_search_after_changes),                                                                       \
    cmocka_unit_test(test_equal_scores_by_path),                                                                       \
    cmocka_unit_test(test_searching_nothing),                                                                          \
    cmocka_unit_test(test_too_many_queries)
/* clang-format on */

#endif

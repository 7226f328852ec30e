/* Stores in PostgreSQL, when memory is short: the call fails, nothing of it is done, and the store goes on. */
#include "store/postgres_server.h"
#include "store/samples.h"

static cs_error error;
static const char *where;
static cs_store *store;
static const char *const paths[] = {"/1", "/2"};

static int open_one(void **state) {
    static char url[URL_SIZE];
    static int number;
    char schema[32];
    (void)state;
    snprintf(schema, sizeof schema, "?schema=fault%d", number++);
    snprintf(url, sizeof url, "%s", server_url("postgres", schema));
    where = url;
    store = open_store(where, 1);
    put_many(store, 10, 2);
    return 0;
}

static int close_one(void **state) {
    (void)state;
    cs_store_close(store);
    return 0;
}

static cs_status open_again(void) {
    cs_store *again = NULL;
    cs_store_options options = {&model_a, 1, 1};
    cs_status status = cs_store_open(where, &options, &again, &error);
    if (status == CS_OK)
        cs_store_close(again);
    else
        assert_null(again);
    return status;
}

static void test_open(void **state) {
    (void)state;
    fail_every_allocation(open_again, 20, &error);
}

/* Makes a store where there is none; where that succeeds, the test ends with it. */
static void test_create(void **state) {
    (void)state;
    server_sql("postgres", "CREATE SCHEMA made");
    where = server_url("postgres", "?schema=made");
    for (long n = 0;; n++) {
        fail_allocation(n, 1);
        cs_status status = open_again();
        fail_allocation(-1, 0);
        if (status == CS_OK) break;
        assert_int_equal(status, CS_ERR_MEMORY);
    }
    cs_store_close(open_store(where, 0));
}

static cs_status put_two(void) {
    static sample s, t;
    cs_store_photo photos[2] = {*make_sample(&s, "/p/0003.jpg", 3, 2), *make_broken(&t, "/p/9.jpg", 9)};
    return cs_store_put(store, photos, 2, &error);
}

static void test_put(void **state) {
    (void)state;
    for (long n = 0;; n++) {
        fail_allocation(n, 1);
        cs_status status = put_two();
        fail_allocation(-1, 0);
        if (status == CS_OK) break;
        assert_int_equal(status, CS_ERR_MEMORY);
        assert_counts(store, 10, 0, 15);
    }
    assert_counts(store, 10, 1, 15);
    fail_every_allocation(put_two, 3, &error);
    assert_counts(store, 10, 1, 15);
    search_every_way(store, 10, 2);
}

static cs_status touch_one(void) {
    static sample s;
    return cs_store_touch(store, make_sample(&s, "/p/0003.jpg", 3, 0), 1, &error);
}

static cs_status remove_two(void) {
    return cs_store_remove(store, paths, 2, &error);
}

static int pass_over(void *context, const cs_store_photo *photo) {
    (void)context, (void)photo;
    return 0;
}

static cs_status list_all(void) {
    return cs_store_each(store, "/p", pass_over, NULL, &error);
}

static cs_status find_by_path(void) {
    cs_store_photo *photo = NULL;
    cs_status status = cs_store_find_path(store, "/p/0003.jpg", &photo, &error);
    if (status == CS_OK)
        cs_store_photo_free(photo);
    else
        assert_null(photo);
    return status;
}

static cs_status find_one(void) {
    static sample s;
    cs_store_photo *photo = NULL;
    make_sample(&s, "/p/0003.jpg", 3, 2);
    cs_status status = cs_store_find_content(store, s.photo.hash, &photo, &error);
    if (status == CS_OK)
        cs_store_photo_free(photo);
    else
        assert_null(photo);
    return status;
}

static cs_status offer_two(void) {
    return cs_store_offer(store, paths, 2, &error);
}

static cs_status take_two(void) {
    const char *const *taken = NULL;
    size_t n = 0;
    cs_status status = cs_store_take(store, 2, &taken, &n, &error);
    if (status == CS_OK) assert_int_equal(n, 2);
    return status;
}

static cs_status drop_none(void) {
    return cs_store_drop(store, (const char *const[]){"/none"}, 1, &error);
}

static void test_the_rest(void **state) {
    (void)state;
    fail_every_allocation(touch_one, 0, &error);
    fail_every_allocation(remove_two, 0, &error);
    fail_every_allocation(list_all, 0, &error);
    fail_every_allocation(find_by_path, 1, &error);
    fail_every_allocation(find_one, 3, &error);
    fail_every_allocation(offer_two, 0, &error);
    assert_ok(take_two()); /* from the second time on the session is known to be alive */
    fail_every_allocation(take_two, 1, &error);
    fail_every_allocation(drop_none, 0, &error);
    assert_counts(store, 10, 0, 15);
}

static cs_status search_for_two(void) {
    float a[DIM], b[DIM];
    make_vector(1, DIM, a);
    make_vector(2, DIM, b);
    cs_query queries[] = {{a, 1}, {b, -0.5f}};
    cs_search_options options = {.top = 3, .prefix = "/p"};
    cs_hits *hits = NULL;
    cs_status status = cs_store_search(store, queries, 2, &options, &hits, &error);
    if (status == CS_OK)
        cs_hits_free(hits);
    else
        assert_null(hits);
    return status;
}

static void finish_at_last(void) {
    for (long n = 0;; n++) {
        fail_allocation(n, 1);
        cs_status status = cs_store_finish(store, &error);
        fail_allocation(-1, 0);
        if (status == CS_OK) break;
        assert_int_equal(status, CS_ERR_MEMORY);
    }
}

static void test_search(void **state) {
    (void)state;
    enum { MANY = 5000 }; /* rows that an index is made from */
    fail_every_allocation(search_for_two, 5, &error);
    put_many(store, MANY, 1);
    finish_at_last();
    cs_store_close(store);
    store = open_store(server_url("postgres", "?schema=fault4&options=-cenable_seqscan%3Doff"), 0);
    fail_every_allocation(search_for_two, 8, &error);
    search_every_way(store, MANY, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_open, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_create, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_put, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_the_rest, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_search, open_one, close_one)};
    if (!server_is_given()) return 77;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}

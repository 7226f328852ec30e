/* Stores in PostgreSQL, when the server breaks a transaction off for another one's sake, as a standby may at any
 * statement: it is done once more, and nobody notices. */
#include <dlfcn.h>

#include "store/postgres_server.h"
#include "store/samples.h"

static cs_error error;
static cs_store *store;

/* ---- Statements that fail ---- */

static long before_conflict = -1; /* statements; negative: none will fail */

/* In the place of libpq's. */
PGresult *PQexecParams(PGconn *connection, const char *sql, int n, const Oid *types, const char *const *values,
                       const int *lengths, const int *formats, int format) {
    static const char conflict[] = "DO $$BEGIN RAISE 'made up' USING ERRCODE = '40001'; END$$";
    PGresult *(*real)(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int) =
        (PGresult * (*)(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int))(
            uintptr_t)dlsym(RTLD_NEXT, "PQexecParams");
    if (before_conflict-- == 0) return PQexec(connection, conflict);
    return real(connection, sql, n, types, values, lengths, formats, format);
}

/* Does it with each of its statements failing in turn, COMMIT too. */
static void break_off_each(void (*action)(void), long statements) {
    for (long n = 0;; n++) {
        before_conflict = n;
        action();
        if (before_conflict >= 0) {
            before_conflict = -1;
            assert_int_equal(n, statements);
            return;
        }
    }
}

/* ---- What is done ---- */

static int open_one(void **state) {
    (void)state;
    store = open_store(server_url("postgres", "?schema=conflicts"), 1);
    put_many(store, 10, 2);
    return 0;
}

static int close_one(void **state) {
    (void)state;
    cs_store_close(store);
    server_sql("postgres", "DROP SCHEMA conflicts CASCADE");
    return 0;
}

static void search_for_one(void) {
    float vector[DIM];
    make_vector(3 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options options = {.top = 3};
    check_search(store, 10, 2, &query, 1, &options);
}

static void find_one(void) {
    static sample s;
    cs_store_photo *photo = NULL;
    make_sample(&s, "/p/0003.jpg", 3, 2);
    assert_ok(cs_store_find_content(store, s.photo.hash, &photo, &error));
    assert_string_equal(photo->path, "/p/0003.jpg");
    cs_store_photo_free(photo);
}

static void find_by_path(void) {
    cs_store_photo *photo = NULL;
    assert_ok(cs_store_find_path(store, "/p/0003.jpg", &photo, &error));
    assert_int_equal(photo->rows, 2);
    cs_store_photo_free(photo);
}

static void count_all(void) {
    assert_counts(store, 10, 0, 15);
}

static void test_reading(void **state) {
    (void)state;
    break_off_each(search_for_one, 3); /* what there is, the search, COMMIT */
    break_off_each(find_by_path, 2);
    break_off_each(find_one, 2);
    break_off_each(count_all, 2);
}

static void put_two(void) {
    static sample s, t;
    cs_store_photo photos[2] = {*make_sample(&s, "/p/0003.jpg", 3, 2), *make_sample(&t, "/p/0004.jpg", 4, 1)};
    assert_ok(cs_store_put(store, photos, 2, &error));
}

static void share_work(void) {
    static const char *const paths[] = {"/1", "/2"};
    assert_ok(cs_store_offer(store, paths, 2, &error));
    assert_taken(store, 2, TAKEN("/1", "/2"));
    assert_ok(cs_store_drop(store, paths, 2, &error));
}

static void test_writing(void **state) {
    (void)state;
    break_off_each(put_two, 5);
    share_work();
    break_off_each(share_work, 7);
    list_of(store, "");
    break_off_each(share_work, 8); /* and looks whether others have done it meanwhile */
    search_every_way(store, 10, 2);
}

static int count_one(void *context, const cs_store_photo *photo) {
    (void)photo;
    ++*(size_t *)context;
    return 0;
}

/* Once a photograph has been handed out, a listing cannot begin anew. */
static void test_listing(void **state) {
    (void)state;
    size_t called = 0;
    for (long n = 0; n < 3; n++) { /* the last put, the cursor, its first rows */
        before_conflict = n;
        assert_int_equal(list_of(store, "")->n, 10);
    }
    before_conflict = 3; /* COMMIT */
    assert_fails(cs_store_each(store, "", count_one, &called, &error), CS_ERR_IO, "made up");
    assert_int_equal(called, 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(test_reading, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_writing, open_one, close_one),
                                       cmocka_unit_test_setup_teardown(test_listing, open_one, close_one)};
    if (!server_is_given()) return 77;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}

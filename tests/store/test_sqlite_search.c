/* Searches through many blocks: by any number of threads, read block by block or kept in memory, while others write. */
#include <sys/wait.h>
#include <unistd.h>

#include "store/no_sync.h"
#include "store/open_store.h"
#include "store/pretended_memory.h"
#include "store/sqlite_file.h"
#include "store/sqlite_index.h"
#include "store/store_folder.h"
#include "store/synthetic.h"

enum { DIM = 20, PHOTOS = 6000, VERSIONS = 2, FLIPS = 16 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static cs_error error;

/* Puts all photographs at once, in one of their versions. */
static cs_status put_all(cs_store *store, int version) {
    static cs_store_photo photos[PHOTOS];
    for (int i = 0; i < PHOTOS; i++) {
        char path[32];
        snprintf(path, sizeof path, "/p/%05d", i);
        photos[i] = synthetic_photo(path, (uint64_t)(i + version * PHOTOS), (size_t)(1 + (i + version) % 2), DIM);
    }
    cs_status status = cs_store_put(store, photos, PHOTOS, &error);
    for (int i = 0; i < PHOTOS; i++)
        synthetic_free(&photos[i]);
    return status;
}

static cs_hits *search(cs_store *store, size_t top, const char *prefix) {
    float embeddings[2][DIM];
    cs_hits *hits = NULL;
    make_vector(5, DIM, embeddings[0]);
    make_vector(6, DIM, embeddings[1]);
    cs_query queries[] = {{embeddings[0], 1}, {embeddings[1], -0.25f}};
    cs_search_options options = {.top = top, .prefix = prefix};
    assert_ok(cs_store_search(store, queries, 2, &options, &hits, &error));
    return hits;
}

/* To the bit. */
static void assert_same(const cs_hits *a, const cs_hits *b) {
    assert_int_equal(cs_hits_count(a), cs_hits_count(b));
    for (size_t i = 0; i < cs_hits_count(a); i++) {
        const cs_hit *x = cs_hits_get(a, i), *y = cs_hits_get(b, i);
        assert_string_equal(x->path, y->path);
        assert_memory_equal(&x->score, &y->score, sizeof x->score);
        assert_memory_equal(x->cosines, y->cosines, 2 * sizeof *x->cosines);
        assert_memory_equal(&x->box, &y->box, sizeof x->box);
    }
}

/* The threads' connections are told what the store's own is told; returns how many there are. */
static int check_readers(cs_store *store) {
    const cs_sqlite_index *index = cs_sqlite_of(store)->index;
    int count = 0;
    for (int i = 0; i < index->reader_count; i++) {
        sqlite3_stmt *statement = NULL;
        if (!index->readers[i].db) continue;
        assert_int_equal(sqlite3_prepare_v2(index->readers[i].db, "PRAGMA cell_size_check", -1, &statement, NULL), 0);
        assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
        assert_int_equal(sqlite3_column_int(statement, 0), 1);
        sqlite3_finalize(statement);
        count++;
    }
    return count;
}

static void test_threads_and_memory(void **state) {
    (void)state;
    cs_store *one = open_store_of(&MODEL, file, 1, 1);
    assert_ok(put_all(one, 0));
    assert_true(file_number(file, "SELECT count(*) FROM block") > 16); /* enough for threads to read by themselves */
    cs_hits *expected = search(one, 1000, NULL), *few = search(one, 1000, "/p/012");
    int readers = 0;
    assert_int_equal(cs_hits_count(expected), 1000);
    assert_int_equal(cs_hits_count(few), 100);
    for (int threads = 1; threads <= 5; threads++) {
        cs_store *store = open_store_of(&MODEL, file, 1, threads);
        for (int again = 0; again < 3; again++) { /* read, kept, and from memory */
            cs_hits *hits = search(store, 1000, NULL), *some = search(store, 1000, "/p/012");
            assert_same(hits, expected);
            assert_same(some, few);
            readers += check_readers(store);
            cs_hits_free(hits);
            cs_hits_free(some);
        }
        cs_store_close(store);
    }
    assert_true(readers > 0);
    cs_hits_free(expected);
    cs_hits_free(few);
    cs_store_close(one);
}

static void flip(void) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, 0, 1};
    if (cs_store_open(file, &options, &store, &error) != CS_OK) _exit(1);
    for (int i = 1; i <= FLIPS; i++)
        if (put_all(store, i % VERSIONS) != CS_OK) _exit(1);
    cs_store_close(store);
}

/* Every search sees all photographs in one version, though its threads read through connections of their own. */
static void test_one_moment(void **state) {
    (void)state;
    cs_hits *expected[VERSIONS];
    size_t seen[VERSIONS] = {0};
    int status = 0, ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork(); /* before there are threads */
    assert_true(child >= 0);
    if (child == 0) {
        if (read(ready[0], &byte, 1) == 1) flip();
        _exit(0);
    }
    cs_store *store = open_store_of(&MODEL, file, 1, 3);
    for (int v = 0; v < VERSIONS; v++) {
        assert_ok(put_all(store, v));
        expected[v] = search(store, PHOTOS, NULL);
        assert_int_equal(cs_hits_count(expected[v]), PHOTOS);
    }
    cs_store_close(store);
    assert_int_equal(write(ready[1], &byte, 1), 1);
    store = open_store_of(&MODEL, file, 1, 3);
    for (int i = 0; waitpid(child, &status, WNOHANG) == 0; i++) {
        if (i % 4 != 3) { /* so that much is read anew, by new connections */
            cs_store_close(store);
            store = open_store_of(&MODEL, file, 1, 3);
        }
        cs_hits *hits = search(store, PHOTOS, NULL);
        int version = strcmp(cs_hits_get(hits, 0)->path, cs_hits_get(expected[0], 0)->path) != 0;
        assert_same(hits, expected[version]);
        seen[version]++;
        cs_hits_free(hits);
    }
    assert_int_equal(status, 0);
    print_message("searches that saw the one version: %zu, the other: %zu\n", seen[0], seen[1]);
    assert_true(seen[0] > 0 && seen[1] > 0);
    cs_store_close(store);
    for (int v = 0; v < VERSIONS; v++)
        cs_hits_free(expected[v]);
    close(ready[0]);
    close(ready[1]);
    file_holds_together(file);
}

static void check_keeping(long pages, int keeps) {
    pretended_pages = pages;
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    cs_hits *first = search(store, 10, NULL);
    assert_int_equal(cs_sqlite_of(store)->index->kept_bytes, 0);
    for (int i = 0; i < 3; i++) {
        cs_hits *hits = search(store, 10, NULL);
        assert_same(hits, first);
        cs_hits_free(hits);
        assert_true(keeps == (cs_sqlite_of(store)->index->kept_bytes > 0));
    }
    cs_hits_free(first);
    cs_store_close(store);
    pretended_pages = 0;
}

/* What would take more than half of the memory is read anew for each search. */
static void test_too_large_for_memory(void **state) {
    (void)state;
    cs_store *store = open_store_of(&MODEL, file, 1, 1);
    assert_ok(put_all(store, 0));
    cs_store_close(store);
    check_keeping((1 << 20) / sysconf(_SC_PAGESIZE), 0); /* the rows are 0.7 MB */
    check_keeping((70 << 20) / sysconf(_SC_PAGESIZE), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_moment, setup, teardown), /* first: it forks */
        cmocka_unit_test_setup_teardown(test_threads_and_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(test_too_large_for_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

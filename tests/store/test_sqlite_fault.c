/* Every allocation fails in turn, SQLite's own too; files are cut, overwritten, and say what is not so. Nothing
 * crashes, and what was there before a failure is there after it. */
#include <malloc.h>
#include <unistd.h>

#include "store/no_sync.h"
#include "store/open_store.h"
#include "store/sqlite_file.h"
#include "store/store_folder.h"
#include "store/synthetic.h"

enum { DIM = 8, PHOTOS = 400 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static cs_error error;

/* ---- SQLite allocates by the test's malloc, which can fail ---- */

static void *take(int size) {
    return malloc((size_t)size);
}

static void *take_again(void *block, int size) {
    return realloc(block, (size_t)size);
}

static int size_of(void *block) {
    return (int)malloc_usable_size(block);
}

static int round_up(int size) {
    return (size + 7) / 8 * 8;
}

static int start(void *context) {
    (void)context;
    return SQLITE_OK;
}

static void stop(void *context) {
    (void)context;
}

static int setup_all(void **state) {
    static sqlite3_mem_methods methods = {take, free, take_again, size_of, round_up, start, stop, NULL};
    (void)state;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK ? 0 : -1;
}

/* ---- What is done ---- */

static cs_status search(cs_store *store, const char *prefix) {
    float embedding[DIM];
    cs_hits *hits = NULL;
    make_vector(1, DIM, embedding);
    cs_query queries[] = {{embedding, 1}, {embedding, -0.5f}};
    cs_search_options options = {.top = 5, .prefix = prefix};
    cs_status status = cs_store_search(store, queries, 2, &options, &hits, &error);
    for (size_t i = 0; i < cs_hits_count(hits); i++)
        assert_true(cs_hits_get(hits, i)->path[0] == '/');
    cs_hits_free(hits);
    return status;
}

static int ignore(void *context, const cs_store_photo *photo) {
    *(size_t *)context += strlen(photo->path);
    return 0;
}

static cs_store_photo added, changed, like;

static cs_status read_all(cs_store *store) {
    size_t sum = 0;
    cs_store_info info;
    cs_store_photo *found = NULL, *there = NULL;
    cs_status status = cs_store_describe(store, &info, &error);
    if (status == CS_OK) status = cs_store_each(store, "/p/", ignore, &sum, &error);
    if (status == CS_OK) status = cs_store_find_content(store, like.hash, &found, &error);
    if (status == CS_OK) status = cs_store_find_path(store, "/p/006", &there, &error);
    cs_store_photo_free(found);
    cs_store_photo_free(there);
    for (int i = 0; i < 3 && status == CS_OK; i++)
        status = search(store, i == 1 ? "/p/00" : "");
    return status;
}

static cs_status change(cs_store *store) {
    static const char *const removed[] = {"/p/003", "/p/004"}, *const offered[] = {"/q", "/r"};
    const cs_store_photo photos[] = {added, changed};
    const char *const *paths;
    size_t n;
    cs_status status = cs_store_offer(store, offered, 2, &error);
    if (status == CS_OK) status = cs_store_take(store, 2, &paths, &n, &error);
    if (status == CS_OK) status = cs_store_put(store, photos, 2, &error);
    if (status == CS_OK) status = cs_store_touch(store, &changed, 1, &error);
    if (status == CS_OK) status = cs_store_remove(store, removed, 2, &error);
    return status == CS_OK ? cs_store_finish(store, &error) : status;
}

static cs_status do_all(int create) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, create, 1};
    cs_status status = cs_store_open(file, &options, &store, &error);
    if (status == CS_OK) status = change(store);
    if (status == CS_OK) status = read_all(store);
    cs_store_close(store);
    return status;
}

static void make_changes(void) {
    added = synthetic_photo("/q", 1000, 3, DIM);
    changed = synthetic_photo("/p/002", 1001, 2, DIM);
    like = synthetic_photo("/p/007", 7, 3, DIM);
}

static void free_changes(void) {
    synthetic_free(&added);
    synthetic_free(&changed);
    synthetic_free(&like);
}

static void make_store(int photos) {
    cs_store *store = open_store_of(&MODEL, file, 1, 1);
    for (int i = 0; i < photos; i++) {
        char path[32];
        snprintf(path, sizeof path, "/p/%03d", i);
        cs_store_photo photo = synthetic_photo(path, (uint64_t)i, (size_t)(i % 4), DIM);
        assert_ok(cs_store_put(store, &photo, 1, &error));
        synthetic_free(&photo);
    }
    cs_store_close(store);
}

/* ---- Allocations ---- */

static void fails_or_does(int create, long n, int alone) {
    error.message[0] = '\0';
    fail_allocation(n, alone);
    cs_status status = do_all(create);
    fail_allocation(-1, 0);
    if (status != CS_OK && (status != CS_ERR_MEMORY || !strstr(error.message, "memory")))
        fail_msg("allocation %ld: %s, \"%s\"", n, cs_status_name(status), error.message);
}

static void test_allocations(void **state) {
    (void)state;
    make_store(12);
    make_changes();
    assert_int_equal(do_all(0), CS_OK);
    fail_allocation(-1, 0);
    assert_int_equal(do_all(0), CS_OK);
    long total = allocations_made(), failed = 0;
    print_message("%ld allocations\n", total);
    for (int alone = 0; alone < 2; alone++)
        for (long n = 0; n < total; n++) {
            fails_or_does(0, n, alone);
            failed += error.message[0] != '\0';
            if (n % 50 == 0) file_holds_together(file);
        }
    assert_true(failed > total);
    assert_int_equal(do_all(0), CS_OK);
    file_holds_together(file);
    free_changes();
}

static void test_allocations_while_it_is_made(void **state) {
    (void)state;
    make_changes();
    fail_allocation(-1, 0);
    assert_int_equal(do_all(1), CS_OK);
    long total = allocations_made();
    for (long n = 0; n < total; n += 3) {
        unlink(file);
        fails_or_does(1, n, 0);
        assert_int_equal(do_all(1), CS_OK); /* whatever was left behind */
        file_holds_together(file);
    }
    free_changes();
}

/* ---- Bytes ---- */

static char *bytes;
static size_t size;

static void read_bytes(void) {
    FILE *in = fopen(file, "rb");
    assert_non_null(in);
    fseek(in, 0, SEEK_END);
    size = (size_t)ftell(in);
    rewind(in);
    bytes = malloc(size);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, size, in), size);
    fclose(in);
}

static void write_bytes(size_t count) {
    char name[5000];
    write_file(file, bytes, count);
    snprintf(name, sizeof name, "%s-wal", file);
    unlink(name);
    snprintf(name, sizeof name, "%s-shm", file);
    unlink(name);
}

/* Reads and changes what there is; the outcome does not matter, as long as there is one that says why. */
static int survives(size_t count) {
    write_bytes(count);
    error.message[0] = '\0';
    cs_status status = do_all(0);
    if (status != CS_OK && !strstr(error.message, file)) fail_msg("%s", error.message);
    return status != CS_OK;
}

static void test_cut(void **state) {
    (void)state;
    int failed = 0;
    make_store(PHOTOS);
    make_changes();
    read_bytes();
    for (size_t count = 0; count < size; count += 4096)
        failed += survives(count);
    for (size_t count = 1; count < 200; count += 7)
        failed += survives(count);
    assert_true(failed > 20);
    free(bytes);
    free_changes();
}

static void test_overwritten(void **state) {
    enum { PIECE = 512 };
    char kept[PIECE];
    uint64_t chance = 3;
    int failed = 0;
    (void)state;
    make_store(PHOTOS);
    make_changes();
    read_bytes();
    for (int round = 0; round < 300; round++) {
        size_t at = (size_t)(next_bits(&chance) % (size - PIECE)), length = 1 + next_bits(&chance) % PIECE;
        memcpy(kept, bytes + at, PIECE);
        for (size_t i = 0; i < length; i++)
            bytes[at + i] = (char)(round % 3 == 0 ? 0 : round % 3 == 1 ? 0xff : next_bits(&chance));
        failed += survives(size);
        memcpy(bytes + at, kept, PIECE);
    }
    assert_true(failed > 20);
    free(bytes);
    free_changes();
}

/* ---- Rows that say what is not so ---- */

static void test_lies(void **state) {
    static const char *const lies[] = {
        "UPDATE photograph SET slot = -1",
        "UPDATE photograph SET slot = 100000",
        "UPDATE photograph SET slot = 9000000000",
        "UPDATE photograph SET block = 77",
        "UPDATE photograph SET rows = -1",
        "UPDATE photograph SET rows = 2000000000",
        "UPDATE photograph SET rows = 9000000000000",
        "UPDATE photograph SET boxes = NULL",
        "UPDATE photograph SET boxes = x'00'",
        "UPDATE photograph SET hash = x'00'",
        "UPDATE photograph SET width = -1",
        "UPDATE photograph SET path = x'2f' || path || x'00' || id",
        "UPDATE photograph SET path = x'' WHERE id = 3",
        "UPDATE photograph SET id = 4000000000000000000 - id",
        "UPDATE photograph SET id = -id",
        "UPDATE block SET owners = NULL",
        "UPDATE block SET owners = zeroblob(8)",
        "UPDATE block SET capacity = 2147483647",
        "UPDATE block SET capacity = -5",
        "UPDATE block SET used = capacity + 1",
        "UPDATE block SET used = -1",
        "UPDATE block SET live = used + 1",
        "UPDATE block SET id = id + 1000",
        "UPDATE block SET id = -id",
        "UPDATE block SET capacity = 100000, used = 100000, live = 99999, owners = zeroblob(800000)",
        "DELETE FROM block",
        "DELETE FROM vectors",
        "UPDATE vectors SET rows = zeroblob(7)",
        "UPDATE vectors SET rows = NULL",
        "UPDATE vectors SET rows = 5",
        "DELETE FROM photograph",
        "UPDATE store SET tail = 99",
        "UPDATE store SET tail = -1",
        "UPDATE store SET dim = 3",
        "UPDATE store SET dim = 0",
        "UPDATE store SET dim = 2000000000",
        "UPDATE store SET weights_id = x'00ff'",
        "DROP TABLE vectors",
        "DROP TABLE block",
        "DROP TABLE photograph",
        "ALTER TABLE store DROP COLUMN windows",
        "CREATE TRIGGER t AFTER INSERT ON photograph BEGIN DELETE FROM photograph; END",
    };
    int failed = 0, count = sizeof lies / sizeof *lies;
    (void)state;
    make_store(PHOTOS);
    make_changes();
    read_bytes();
    for (int i = 0; i < count; i++) {
        write_bytes(size);
        sqlite3 *db = NULL;
        assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
        sqlite3_exec(db, lies[i], NULL, NULL, NULL); /* what the schema itself forbids need not be tried */
        sqlite3_close(db);
        error.message[0] = '\0';
        cs_status status = do_all(0);
        if (status != CS_OK && !strstr(error.message, file)) fail_msg("%s: %s", lies[i], error.message);
        failed += status != CS_OK;
        if (status == CS_OK) print_message("no harm done: %s\n", lies[i]);
    }
    assert_true(failed > count * 2 / 3);
    free(bytes);
    free_changes();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_allocations, setup, teardown),
        cmocka_unit_test_setup_teardown(test_allocations_while_it_is_made, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(test_overwritten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lies, setup, teardown),
    };
    return cmocka_run_group_tests(tests, setup_all, NULL);
}

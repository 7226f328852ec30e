/* Files that are no stores, names that SQLite takes for something else, folders that may not be written, and what two
 * processes do with one store. */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/open_store.h"
#include "store/sqlite_file.h"
#include "store/store_folder.h"
#include "store/synthetic.h"

enum { DIM = 8 };

static const cs_store_model MODEL = {"0123456789abcdef", DIM, "starter"};
static cs_error error;

static cs_status try_to_open(const char *name, int create) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, create, 2};
    cs_status status = cs_store_open(name, &options, &store, &error);
    if (status != CS_OK) assert_null(store);
    cs_store_close(store);
    return status;
}

static void put(cs_store *store, const char *path, uint64_t seed) {
    cs_store_photo photo = synthetic_photo(path, seed, 1, DIM);
    assert_ok(cs_store_put(store, &photo, 1, &error));
    synthetic_free(&photo);
}

/* How many photographs a search finds. */
static size_t hits_of(cs_store *store) {
    float embedding[DIM];
    cs_hits *hits = NULL;
    make_vector(1, DIM, embedding);
    cs_query query = {embedding, 1};
    cs_search_options options = {.top = 100000};
    assert_ok(cs_store_search(store, &query, 1, &options, &hits, &error));
    size_t count = cs_hits_count(hits);
    cs_hits_free(hits);
    return count;
}

/* ---- What a file may be ---- */

static void test_no_store(void **state) {
    (void)state;
    assert_fails(try_to_open(file, 0), CS_ERR_IO, "there is no store here");
    assert_int_not_equal(access(file, F_OK), 0);
    write_file(file, "", 0);
    assert_fails(try_to_open(file, 0), CS_ERR_FORMAT, "found an empty file");
    char text[5000];
    memset(text, 'x', sizeof text);
    write_file(file, text, sizeof text);
    for (int create = 0; create < 2; create++) {
        assert_fails(try_to_open(file, create), CS_ERR_FORMAT, "not a database");
        assert_non_null(strstr(error.message, file));
    }
    char pipe_name[5000], lock_name[5010];
    snprintf(pipe_name, sizeof pipe_name, "%s/pipe", folder);
    snprintf(lock_name, sizeof lock_name, "%s-lock", pipe_name);
    assert_int_equal(mkfifo(pipe_name, 0600), 0);
    for (int create = 0; create < 2; create++) {
        assert_fails(try_to_open(folder, create), CS_ERR_IO, "found a folder");
        assert_fails(try_to_open(pipe_name, create), CS_ERR_IO, "found a device or a pipe");
        assert_fails(try_to_open("/dev/null", create), CS_ERR_IO, "/dev/null: expected a clipsight store");
    }
    assert_int_not_equal(access(lock_name, F_OK), 0);
}

static void test_others_database(void **state) {
    (void)state;
    file_change(file, "CREATE TABLE store(x)");
    for (int create = 0; create < 2; create++)
        assert_fails(try_to_open(file, create), CS_ERR_FORMAT, "found another SQLite database");
    assert_int_equal(file_number(file, "SELECT count(*) FROM sqlite_schema"), 1);
}

static void test_newer(void **state) {
    (void)state;
    cs_store_close(open_store_of(&MODEL, file, 1, 2));
    file_change(file, "PRAGMA user_version = 2");
    for (int create = 0; create < 2; create++)
        assert_fails(try_to_open(file, create), CS_ERR_UNSUPPORTED, "newer clipsight (version 2; this one knows 1)");
}

/* Killed before there was a table. */
static void test_made_halfway(void **state) {
    (void)state;
    file_change(file, "PRAGMA journal_mode = WAL");
    assert_fails(try_to_open(file, 0), CS_ERR_FORMAT, "empty");
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    put(store, "/a", 1);
    cs_store_close(store);
    file_holds_together(file);
}

static void test_without_a_row(void **state) {
    (void)state;
    cs_store_close(open_store_of(&MODEL, file, 1, 2));
    file_change(file, "DELETE FROM store");
    assert_fails(try_to_open(file, 0), CS_ERR_FORMAT, "damaged");
    file_change(file, "DROP TABLE store");
    assert_int_not_equal(try_to_open(file, 0), CS_OK);
}

static void test_another_model(void **state) {
    (void)state;
    cs_store *store = NULL;
    cs_store_model other = {"ffffffffffffffff", DIM, "vit-b-32"};
    cs_store_options options = {&other, 1, 0};
    cs_store_close(open_store_of(&MODEL, file, 1, 2));
    assert_fails(cs_store_open(file, &options, &store, &error), CS_ERR_ARGUMENT, "starter (weights 0123456789abcdef");
    assert_non_null(strstr(error.message, "vit-b-32 (weights ffffffffffffffff"));
    assert_non_null(strstr(error.message, file));
}

/* ---- Names ---- */

static void test_names(void **state) {
    static const char *const names[] = {":memory:",      "file:a?mode=memory", "a%41b?c=d#e", "\xff\xfe name\n",
                                        "file::memory:", "'quoted'\"",         "-wal",        "postgres:"};
    char before[4096];
    (void)state;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        cs_store *store = open_store_of(&MODEL, names[i], 1, 2);
        put(store, "/a", 1);
        cs_store_close(store);
        assert_int_equal(access(names[i], F_OK), 0);
        store = open_store_of(&MODEL, names[i], 0, 2);
        assert_int_equal(hits_of(store), 1);
        cs_store_close(store);
    }
    assert_int_equal(chdir(before), 0);
}

static void test_folders_are_made(void **state) {
    (void)state;
    char name[5000];
    snprintf(name, sizeof name, "%s/a/b/store.sqlite", folder);
    cs_store_close(open_store_of(&MODEL, name, 1, 2));
    assert_int_equal(access(name, F_OK), 0);
    snprintf(name, sizeof name, "%s/a/b/store.sqlite/c/store.sqlite", folder);
    assert_fails(try_to_open(name, 1), CS_ERR_IO, "cannot make this folder");
}

/* ---- Another process ---- */

/* Runs action(file) in a process of its own, as nobody if wanted, and fails the test where that fails. */
static void in_process(void (*action)(void), int as_nobody) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (as_nobody && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
        action();
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* The tests' own checks jump, which must not leave the child. */
#define CHILD_NEEDS(what)                                                                                              \
    do {                                                                                                               \
        if (!(what)) {                                                                                                 \
            fprintf(stderr, "%s: %s\n", #what, error.message);                                                         \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

static cs_store *child_open(void) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, 0, 2};
    CHILD_NEEDS(cs_store_open(file, &options, &store, &error) == CS_OK);
    return store;
}

static void read_as_guest(void) {
    cs_store *store = child_open();
    cs_store_info info;
    cs_store_photo photo = synthetic_photo("/a", 1, 1, DIM);
    CHILD_NEEDS(cs_store_describe(store, &info, &error) == CS_OK && info.photographs == 2);
    CHILD_NEEDS(hits_of(store) == 2 && hits_of(store) == 2);
    CHILD_NEEDS(cs_store_put(store, &photo, 1, &error) == CS_ERR_IO && strstr(error.message, "readonly"));
    CHILD_NEEDS(cs_store_touch(store, &photo, 1, &error) == CS_ERR_IO && strstr(error.message, "may only be read"));
    CHILD_NEEDS(cs_store_offer(store, NULL, 0, &error) == CS_ERR_IO && strstr(error.message, "may only be read"));
    synthetic_free(&photo);
    cs_store_close(store);
}

static void test_may_only_be_read(void **state) {
    (void)state;
    if (getuid() != 0) skip(); /* somebody else is needed, who may not write */
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    put(store, "/a", 1);
    put(store, "/b", 2);
    cs_store_close(store);
    chmod(folder, 0755);
    chmod(file, 0644);
    in_process(read_as_guest, 1);
    chmod(folder, 0777); /* the file still may not be written */
    in_process(read_as_guest, 1);
    chmod(folder, 0755);
    store = open_store_of(&MODEL, file, 0, 2); /* somebody who may write has it open, too */
    hits_of(store);
    in_process(read_as_guest, 1);
    cs_store_close(store);
    file_holds_together(file);
}

static int to_child[2], to_parent[2];

static void tell(int fd) {
    assert_int_equal(write(fd, "x", 1), 1);
}

static void wait_for(int fd) {
    char byte;
    assert_int_equal(read(fd, &byte, 1), 1);
}

/* Reads without being able to write, and goes on when somebody begins to write. */
static void guest_and_writer(void) {
    cs_store *store = child_open();
    CHILD_NEEDS(hits_of(store) == 1);
    tell(to_parent[1]);
    wait_for(to_child[0]);
    CHILD_NEEDS(hits_of(store) == 2);
    cs_store_close(store);
}

/* action() with somebody to talk to. */
static pid_t begin_process(void (*action)(void), int as_nobody) {
    assert_int_equal(pipe(to_child), 0);
    assert_int_equal(pipe(to_parent), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    if (as_nobody && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(2);
    action();
    _exit(0);
}

static int end_process(pid_t child) {
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    for (int i = 0; i < 2; i++) {
        close(to_child[i]);
        close(to_parent[i]);
    }
    return status;
}

static void test_reading_still_ends_when_somebody_writes(void **state) {
    (void)state;
    if (getuid() != 0) skip();
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    put(store, "/a", 1);
    cs_store_close(store);
    chmod(folder, 0755);
    chmod(file, 0644);
    pid_t child = begin_process(guest_and_writer, 1);
    wait_for(to_parent[0]);
    store = open_store_of(&MODEL, file, 0, 2);
    put(store, "/b", 2);
    chmod(folder, 0755);
    tell(to_child[1]);
    assert_int_equal(end_process(child), 0);
    cs_store_close(store);
}

/* Searches while another process puts: what is found is what was there at some moment, all in order. */
static void put_many(void) {
    cs_store *store = child_open();
    for (int i = 0; i < 300; i++) {
        char path[32];
        snprintf(path, sizeof path, "/p/%04d", i);
        cs_store_photo photo = synthetic_photo(path, (uint64_t)i, 2, DIM);
        CHILD_NEEDS(cs_store_put(store, &photo, 1, &error) == CS_OK);
        synthetic_free(&photo);
        if (i == 0) tell(to_parent[1]);
    }
    cs_store_close(store);
}

static void test_reader_sees_what_a_writer_adds(void **state) {
    (void)state;
    size_t last = 0;
    int status = 0;
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    pid_t child = begin_process(put_many, 0);
    wait_for(to_parent[0]);
    while (waitpid(child, &status, WNOHANG) == 0) {
        size_t now = hits_of(store);
        assert_true(now >= last && now <= 300);
        last = now;
    }
    assert_int_equal(status, 0);
    assert_true(last > 0);
    assert_int_equal(hits_of(store), 300);
    cs_store_close(store);
    file_holds_together(file);
}

static void index_and_wait(void) {
    cs_store *store = child_open();
    CHILD_NEEDS(cs_store_offer(store, NULL, 0, &error) == CS_OK);
    tell(to_parent[1]);
    wait_for(to_child[0]);
    _exit(0);
}

static void test_one_indexer(void **state) {
    (void)state;
    const char *const paths[] = {"/a"};
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    pid_t child = begin_process(index_and_wait, 0);
    wait_for(to_parent[0]);
    assert_fails(cs_store_offer(store, paths, 1, &error), CS_ERR_IO, "another process is indexing into it");
    put(store, "/b", 1); /* single photographs may be put all the same */
    const cs_store_photo touched = {.path = "/b"};
    assert_fails(cs_store_touch(store, &touched, 1, &error), CS_ERR_IO, "another process is indexing into it");
    assert_fails(cs_store_remove(store, paths, 1, &error), CS_ERR_IO, "another process is indexing into it");
    assert_fails(cs_store_set_windows(store, &error), CS_ERR_IO, "another process is indexing into it");
    assert_fails(cs_store_finish(store, &error), CS_ERR_IO, "another process is indexing into it");
    kill(child, SIGKILL);
    assert_true(WIFSIGNALED(end_process(child)));
    assert_ok(cs_store_offer(store, paths, 1, &error)); /* the lock went with the process */
    char link_name[5000];
    snprintf(link_name, sizeof link_name, "%s/link", folder);
    assert_int_equal(symlink(file, link_name), 0);
    cs_store *same = open_store_of(&MODEL, link_name, 0, 2);
    assert_fails(cs_store_offer(same, paths, 1, &error), CS_ERR_IO, "another process is indexing into it");
    cs_store_close(store);
    assert_ok(cs_store_offer(same, paths, 1, &error));
    cs_store_close(same);
}

static void make_it(void) {
    cs_store *store = NULL;
    cs_store_options options = {&MODEL, 1, 1};
    wait_for(to_child[0]);
    CHILD_NEEDS(cs_store_open(file, &options, &store, &error) == CS_OK);
    char path[32];
    snprintf(path, sizeof path, "/%d", (int)getpid());
    cs_store_photo photo = synthetic_photo(path, 1, 1, DIM);
    CHILD_NEEDS(cs_store_put(store, &photo, 1, &error) == CS_OK);
    cs_store_close(store);
}

/* Several at once, and all find the same one. */
static void test_made_by_several_at_once(void **state) {
    (void)state;
    for (int round = 0; round < 5; round++) {
        pid_t children[4];
        unlink(file);
        children[0] = begin_process(make_it, 0);
        for (int i = 1; i < 4; i++) {
            children[i] = fork();
            if (children[i] > 0) continue;
            make_it();
            _exit(0);
        }
        assert_int_equal(write(to_child[1], "xxxx", 4), 4);
        for (int i = 1; i < 4; i++) {
            int status = 0;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_int_equal(status, 0);
        }
        assert_int_equal(end_process(children[0]), 0);
        cs_store *store = open_store_of(&MODEL, file, 0, 2);
        assert_int_equal(hits_of(store), 4);
        cs_store_close(store);
        file_holds_together(file);
    }
}

/* The disk is full: here, files may not grow any more. */
static void put_until_full(void) {
    cs_store *store = child_open();
    struct rlimit limit = {3 << 20, 3 << 20}; /* of any file, the log too */
    signal(SIGXFSZ, SIG_IGN);
    CHILD_NEEDS(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    cs_status status = CS_OK;
    size_t n = 0;
    while (status == CS_OK && n < 3000) {
        char path[32];
        snprintf(path, sizeof path, "/p/%04zu", n);
        cs_store_photo photo = synthetic_photo(path, n, 40, DIM);
        status = cs_store_put(store, &photo, 1, &error);
        synthetic_free(&photo);
        n += status == CS_OK;
    }
    CHILD_NEEDS(status == CS_ERR_IO && strstr(error.message, file) && n > 3);
    cs_store_info info;
    CHILD_NEEDS(cs_store_describe(store, &info, &error) == CS_OK && info.photographs == n);
    cs_store_close(store);
}

static void test_full_disk(void **state) {
    (void)state;
    cs_store_close(open_store_of(&MODEL, file, 1, 2));
    in_process(put_until_full, 0);
    assert_true(file_number(file, "SELECT photographs FROM store") > 3);
    file_holds_together(file);
    cs_store *store = open_store_of(&MODEL, file, 0, 2);
    put(store, "/again", 1);
    cs_store_close(store);
}

/* Holds the store for a moment, as a slow commit of another process would. */
static void hold_it(void) {
    sqlite3 *db = NULL;
    CHILD_NEEDS(sqlite3_open(file, &db) == SQLITE_OK);
    CHILD_NEEDS(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) == SQLITE_OK);
    tell(to_parent[1]);
    usleep(300000);
    CHILD_NEEDS(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
    sqlite3_close(db);
}

static void test_waits_for_another_commit(void **state) {
    (void)state;
    cs_store *store = open_store_of(&MODEL, file, 1, 2);
    pid_t child = begin_process(hold_it, 0);
    wait_for(to_parent[0]);
    assert_int_equal(hits_of(store), 0); /* reading does not wait */
    put(store, "/a", 1);
    assert_int_equal(hits_of(store), 1);
    assert_int_equal(end_process(child), 0);
    cs_store_close(store);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_store, setup, teardown),
        cmocka_unit_test_setup_teardown(test_others_database, setup, teardown),
        cmocka_unit_test_setup_teardown(test_newer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_made_halfway, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_a_row, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_model, setup, teardown),
        cmocka_unit_test_setup_teardown(test_names, setup, teardown),
        cmocka_unit_test_setup_teardown(test_folders_are_made, setup, teardown),
        cmocka_unit_test_setup_teardown(test_may_only_be_read, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reading_still_ends_when_somebody_writes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_reader_sees_what_a_writer_adds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
        cmocka_unit_test_setup_teardown(test_waits_for_another_commit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_indexer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_made_by_several_at_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Several indexers at once over one store in PostgreSQL, as processes of their own, and what kills leave of them. */
#include <sys/mman.h>

#include "store/postgres_server.h"
#include "store/samples.h"

enum { PATHS = 900, INDEXERS = 3, BATCH = 8 };

static cs_error error;

/* How often each path was put, by whom; shared with the indexers. */
static struct board {
    int puts[PATHS], by[INDEXERS + 1], taken_twice, looked;
    int holder[PATHS]; /* the indexer that has taken it and not put it yet, counted from 1 */
} * board;

static void path_of(size_t i, char *path) {
    snprintf(path, 32, "/p/%04zu.jpg", i);
}

/* Everybody offers everything, each in an order of its own. */
static void offer_all(cs_store *store, int indexer) {
    static char names[PATHS][32];
    static const char *paths[PATHS];
    for (size_t i = 0; i < PATHS; i++) {
        path_of((i * 7 + (size_t)indexer * 101) % PATHS, names[i]);
        paths[i] = names[i];
    }
    assert_ok(cs_store_offer(store, paths, PATHS, &error));
}

static void put_batch(cs_store *store, int indexer, const char *const *paths, size_t n) {
    static sample samples[BATCH];
    cs_store_photo photos[BATCH];
    for (size_t i = 0; i < n; i++) {
        size_t number = (size_t)atoi(paths[i] + 3);
        if (board->holder[number] && board->holder[number] != indexer) board->taken_twice++;
        board->holder[number] = indexer;
        photos[i] = *make_sample(&samples[i], paths[i], number, 1 + number % 2);
    }
    usleep(2000); /* the model's work */
    for (size_t i = 0; i < n; i++)
        board->holder[atoi(paths[i] + 3)] = 0; /* from here on it may be given to nobody, either */
    assert_ok(cs_store_put(store, photos, n, &error));
    for (size_t i = 0; i < n; i++)
        __atomic_add_fetch(&board->puts[atoi(paths[i] + 3)], 1, __ATOMIC_SEQ_CST);
    board->by[indexer] += (int)n;
}

/* Looks at the store, offers everything once so many have looked (0: nothing), and works until nothing is left. */
static void run_indexer(const char *where, int indexer, int wait_for) {
    cs_store *store = open_store(where, 1);
    list_of(store, "/none/");
    __atomic_add_fetch(&board->looked, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&board->looked, __ATOMIC_SEQ_CST) < wait_for)
        usleep(1000);
    usleep((useconds_t)indexer * 50000); /* the others are at work already when the last one offers */
    if (wait_for > 0) offer_all(store, indexer);
    for (;;) {
        const char *const *paths = NULL;
        size_t n = 0;
        assert_ok(cs_store_take(store, BATCH, &paths, &n, &error));
        if (n == 0) break;
        put_batch(store, indexer, paths, n);
    }
    assert_ok(cs_store_finish(store, &error)); /* which all do at about the same time */
    cs_store_close(store);
}

/* 0 in the child, where a failed assertion ends the process instead of going on with the next test. */
static pid_t fork_child(void) {
    pid_t child = fork();
    assert_true(child >= 0);
    if (child > 0) return child;
    setenv("CMOCKA_TEST_ABORT", "1", 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    return 0;
}

static pid_t start_indexer(const char *where, int indexer, int indexers) {
    pid_t child = fork_child();
    if (child > 0) return child;
    run_indexer(where, indexer, indexers);
    _exit(0);
}

static void wait_until_done(pid_t child) {
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static int puts_so_far(void) {
    int sum = 0;
    for (size_t i = 0; i < PATHS; i++)
        sum += board->puts[i];
    return sum;
}

static int start_board(void **state) {
    (void)state;
    memset(board, 0, sizeof *board);
    return 0;
}

/* All of them are there, with their own embeddings. */
static void check_all_there(const char *where) {
    cs_store *store = open_store(where, 0);
    assert_ok(cs_store_finish(store, &error));
    assert_counts(store, PATHS, 0, PATHS + PATHS / 2);
    search_every_way(store, PATHS, 2);
    cs_store_close(store);
}

static void test_three_at_once(void **state) {
    (void)state;
    const char *where = server_url("postgres", "?schema=three");
    pid_t children[INDEXERS];
    for (int i = 0; i < INDEXERS; i++) /* which make the store at the same time, too */
        children[i] = start_indexer(where, i + 1, INDEXERS);
    for (int i = 0; i < INDEXERS; i++)
        wait_until_done(children[i]);
    for (size_t i = 0; i < PATHS; i++)
        assert_int_equal(board->puts[i], 1);
    for (int i = 1; i <= INDEXERS; i++)
        assert_true(board->by[i] > 0);
    assert_int_equal(board->taken_twice, 0);
    check_all_there(where);
}

static void test_one_is_killed(void **state) {
    (void)state;
    const char *where = server_url("postgres", "?schema=killed");
    pid_t victim = start_indexer(where, 1, 2), other = start_indexer(where, 2, 2);
    while (puts_so_far() < PATHS / 3)
        usleep(1000);
    kill(victim, SIGKILL);
    assert_int_equal(waitpid(victim, NULL, 0), victim);
    memset(board->holder, 0, sizeof board->holder); /* what it had is anybody's */
    wait_until_done(other);
    run_indexer(where, 3, 0);          /* what the server freed too late for the other one */
    for (size_t i = 0; i < PATHS; i++) /* killed between a put and the note of it: done without a note */
        assert_in_range(board->puts[i] + (board->puts[i] == 0), 1, 1);
    assert_in_range(puts_so_far(), PATHS - BATCH, PATHS);
    check_all_there(where);
}

/* ---- The server is killed ---- */

/* Puts until the connection is lost, and notes what was reported done. */
static int load_until_lost(const char *where) {
    cs_store *store = open_store(where, 1);
    char path[32];
    sample *s = calloc(1, sizeof *s);
    cs_status status = CS_OK;
    while (status == CS_OK) {
        size_t i = (size_t)puts_so_far();
        if (i >= PATHS) break;
        path_of(i, path);
        status = cs_store_put(store, make_sample(s, path, i, 1 + i % 2), 1, &error);
        if (status == CS_OK) board->puts[i] = 1;
    }
    cs_store_close(store);
    free(s);
    return status == CS_ERR_IO ? 0 : 1;
}

static pid_t start_load(const char *where) {
    pid_t child = fork_child();
    if (child == 0) _exit(load_until_lost(where));
    return child;
}

static int next_listed(void *context, const cs_store_photo *photo) {
    size_t *n = context;
    char path[32];
    path_of(*n, path);
    assert_string_equal(photo->path, path);
    assert_int_equal(photo->rows, 1 + *n % 2);
    ++*n;
    return 0;
}

/* What was reported is there, and at most one more, whose report was lost. */
static void check_reported(const char *where) {
    size_t reported = (size_t)puts_so_far(), n = 0;
    cs_store *store = open_store(where, 0);
    assert_ok(cs_store_each(store, "", next_listed, &n, &error));
    assert_in_range(n, reported, reported + 1);
    cs_store_info info = describe(store);
    assert_int_equal(info.rows, n + n / 2);
    assert_int_equal(atoi(server_sql("postgres", "SELECT count(*) FROM murdered.embedding")), n + n / 2);
    if (n > 0) search_every_way(store, n, 2);
    cs_store_close(store);
}

static void test_server_is_killed_in_mid_load(void **state) {
    (void)state;
    const char *where = server_url("postgres", "?schema=murdered");
    int signals[] = {SIGQUIT, SIGKILL, SIGQUIT, SIGINT, SIGKILL};
    for (int i = 0; i < 5; i++) {
        pid_t child = start_load(where);
        int goal = 20 + i * 20;
        while (puts_so_far() < goal)
            usleep(500);
        server_end(signals[i]);
        wait_until_done(child);
        server_run();
        check_reported(where);
        assert_true(puts_so_far() < PATHS);
    }
    assert_int_equal(load_until_lost(where), 1); /* goes on to the end */
    assert_int_equal(puts_so_far(), PATHS);
    check_all_there(where);
}

/* The same handle works again when the server does; what was taken through it is anybody's. */
static void test_server_restarts_between(void **state) {
    (void)state;
    static sample s;
    const char *where = server_url("postgres", "?schema=between"), *paths[] = {"/1", "/2", "/3"};
    cs_store *store = open_store(where, 1);
    assert_ok(cs_store_offer(store, paths, 3, &error));
    assert_taken(store, 1, TAKEN("/1"));
    server_end(SIGQUIT);
    make_sample(&s, "/1", 1, 1);
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_IO, "refused");
    server_run();
    cs_store *other = open_store(where, 0);
    assert_taken(other, 2, TAKEN("/1", "/2"));
    put_one(store, &s.photo);
    assert_taken(store, 9, TAKEN("/3"));
    assert_taken(other, 9, TAKEN("/2"));
    cs_store_close(store);
    cs_store_close(other);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup(test_three_at_once, start_board),
                                       cmocka_unit_test_setup(test_one_is_killed, start_board),
                                       cmocka_unit_test_setup(test_server_is_killed_in_mid_load, start_board),
                                       cmocka_unit_test(test_server_restarts_between)};
    if (!server_is_given()) return 77;
    board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED) return 1;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}

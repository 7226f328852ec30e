/* Stores in PostgreSQL: what they have that others do not. */
#include "store/postgres_server.h"
#include "store/samples.h"

static cs_error error;

static const char *fresh_store(void) {
    static int number;
    char schema[64];
    snprintf(schema, sizeof schema, "?schema=store%d", number++);
    return server_url("postgres", schema);
}

/* A role without rights, with a password of its own. */
static const char *url_of(const char *role, const char *database, const char *more) {
    static char url[300];
    snprintf(url, sizeof url, "postgresql://%s:s3cret@127.0.0.1:%d/%s%s", role, server.port, database, more);
    return url;
}

static void check_not_opened(const char *where, int create, cs_status status, const char *reason) {
    cs_store *store = NULL;
    cs_store_options options = {&model_a, create, 1};
    assert_fails(cs_store_open(where, &options, &store, &error), status, reason);
    assert_null(store);
    assert_null(strstr(error.message, "s3cret"));
    assert_null(strstr(error.message, SERVER_PASSWORD));
    assert_null(strstr(error.message, SERVER_PASSWORD_IN_URL));
    assert_null(strchr(error.message, '\n'));
}

/* ---- Opening ---- */

static void test_who_may_connect(void **state) {
    (void)state;
    server_sql("postgres", "CREATE ROLE reader LOGIN PASSWORD 's3cret'");
    check_not_opened(url_of("clipsight", "postgres", ""), 0, CS_ERR_IO, "password authentication failed");
    check_not_opened(url_of("nobody", "postgres", ""), 0, CS_ERR_IO, "password authentication failed");
    check_not_opened(url_of("reader", "nowhere", ""), 0, CS_ERR_IO, "\"nowhere\" does not exist");
    check_not_opened(server_url("postgres", "?schema=none"), 0, CS_ERR_IO, "no store in the schema none");
    check_not_opened(server_url("postgres", "?schema=none"), 0, CS_ERR_IO, "postgresql://clipsight@127.0.0.1");
}

static void test_who_may_make_one(void **state) {
    (void)state;
    server_sql("postgres", "CREATE ROLE maker LOGIN PASSWORD 's3cret'");
    server_sql("postgres", "CREATE DATABASE bare");
    check_not_opened(url_of("maker", "bare", ""), 1, CS_ERR_IO, "CREATE EXTENSION vector");
    server_sql("bare", "CREATE EXTENSION vector");
    check_not_opened(url_of("maker", "bare", ""), 1, CS_ERR_IO, "permission denied");
    assert_string_equal(server_sql("bare", "SELECT to_regnamespace('clipsight') IS NULL"), "t");
    server_sql("bare", "CREATE SCHEMA clipsight AUTHORIZATION maker");
    cs_store *store = open_store(url_of("maker", "bare", ""), 1);
    put_many(store, 10, 2);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 10, 2);
    cs_store_close(store);
    server_sql("bare", "GRANT CREATE ON DATABASE bare TO maker");
    cs_store_close(open_store(url_of("maker", "bare", "?schema=Hol%20%22%3B--"), 1));
    assert_string_equal(server_sql("bare", "SELECT count(*) FROM \"Hol \"\";--\".meta"), "1");
}

/* The extension may live in any schema, and an old one may be there. */
static void test_the_extension(void **state) {
    (void)state;
    server_sql("postgres", "CREATE DATABASE elsewhere");
    server_sql("elsewhere", "CREATE SCHEMA \"ex t\"; CREATE EXTENSION vector SCHEMA \"ex t\"");
    cs_store *store = open_store(server_url("elsewhere", ""), 1);
    put_many(store, 10, 2);
    assert_ok(cs_store_finish(store, &error));
    search_every_way(store, 10, 2);
    cs_store_close(store);
    server_sql("elsewhere", "UPDATE pg_extension SET extversion = '0.4.4' WHERE extname = 'vector'");
    check_not_opened(server_url("elsewhere", ""), 0, CS_ERR_UNSUPPORTED, "found 0.4.4");
}

/* Needs CLIPSIGHT_TEST_POSTGRESQL_PLAIN, the programs of a server that pgvector is not installed for. */
static void test_no_extension(void **state) {
    (void)state;
    const char *plain = getenv("CLIPSIGHT_TEST_POSTGRESQL_PLAIN");
    if (!plain || !*plain) {
        print_message("SKIPPED: needs CLIPSIGHT_TEST_POSTGRESQL_PLAIN, a server's programs without pgvector\n");
        skip();
    }
    struct server other = server;
    server_make(plain);
    check_not_opened(server_url("postgres", ""), 1, CS_ERR_UNSUPPORTED, "install pgvector 0.5.0 or later");
    assert_string_equal(server_sql("postgres", "SELECT to_regnamespace('clipsight') IS NULL"), "t");
    server_remove();
    server = other;
}

static void test_other_tables(void **state) {
    (void)state;
    server_sql("postgres", "CREATE SCHEMA theirs; CREATE TABLE theirs.meta (a int); CREATE SCHEMA half; "
                           "CREATE TABLE half.photograph (a int)");
    check_not_opened(server_url("postgres", "?schema=theirs"), 1, CS_ERR_FORMAT, "not clipsight's");
    check_not_opened(server_url("postgres", "?schema=half"), 1, CS_ERR_IO, "\"photograph\" already exists");
    assert_string_equal(server_sql("postgres", "SELECT to_regclass('half.meta') IS NULL"), "t");
    cs_store_close(open_store(server_url("postgres", "?schema=newer"), 1));
    server_sql("postgres", "UPDATE newer.meta SET format = 2");
    check_not_opened(server_url("postgres", "?schema=newer"), 1, CS_ERR_UNSUPPORTED, "newer");
    for (int i = 0; i < 3; i++) {
        static const char *const dims[] = {"536870912", "65537", "-1"}; /* 4 + 4 * the first is 4 */
        char sql[100];
        snprintf(sql, sizeof sql, "UPDATE newer.meta SET format = 1, dim = %s", dims[i]);
        server_sql("postgres", sql);
        check_not_opened(server_url("postgres", "?schema=newer"), 1, CS_ERR_FORMAT, "whose embeddings");
    }
    server_sql("postgres", "DELETE FROM newer.meta");
    check_not_opened(server_url("postgres", "?schema=newer"), 1, CS_ERR_FORMAT, "meta");
}

static void test_a_reader(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_store(server_url("postgres", "?schema=shown"), 1);
    put_many(store, 20, 3);
    assert_ok(cs_store_finish(store, &error));
    cs_store_close(store);
    check_not_opened(url_of("reader", "postgres", "?schema=shown"), 0, CS_ERR_IO, "permission denied");
    server_sql("postgres",
               "GRANT USAGE ON SCHEMA shown TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA shown TO reader");
    store = open_store(url_of("reader", "postgres", "?schema=shown"), 0);
    search_every_way(store, 20, 3);
    assert_counts(store, 20, 0, 39);
    make_sample(&s, "/p/new.jpg", 3, 1);
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_IO, "permission denied");
    assert_fails(cs_store_remove(store, (const char *const[]){"/p/0001.jpg"}, 1, &error), CS_ERR_IO,
                 "permission denied");
    assert_counts(store, 20, 0, 39);
    cs_store_close(store);
    store = open_store(server_url("postgres", "?schema=shown&options=-cdefault_transaction_read_only%3Don"), 0);
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_IO, "read-only transaction");
    search_every_way(store, 20, 3);
    cs_store_close(store);
}

/* May write, but did not make the tables. */
static void test_an_indexer_who_is_not_the_owner(void **state) {
    (void)state;
    static sample s;
    const char *paths[] = {"/p/new.jpg"};
    cs_store *owner = open_store(server_url("postgres", "?schema=lent"), 1);
    put_many(owner, 5000, 1);
    server_sql("postgres", "CREATE ROLE worker LOGIN PASSWORD 's3cret'; GRANT USAGE ON SCHEMA lent TO worker; "
                           "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA lent TO worker; "
                           "GRANT USAGE ON SEQUENCE lent.put_number TO worker");
    cs_store *store = open_store(url_of("worker", "postgres", "?schema=lent"), 1);
    assert_ok(cs_store_offer(store, paths, 1, &error));
    assert_taken(store, 5, TAKEN("/p/new.jpg"));
    put_one(store, make_sample(&s, "/p/new.jpg", 3, 2));
    assert_ok(cs_store_remove(store, paths, 1, &error));
    assert_ok(cs_store_set_windows(store, &error));
    assert_fails(cs_store_finish(store, &error), CS_ERR_IO, "only the owner");
    search_every_way(store, 5000, 1);
    assert_ok(cs_store_finish(owner, &error));
    assert_ok(cs_store_finish(store, &error));
    cs_store_close(store);
    cs_store_close(owner);
}

/* With the server's own tools. */
static void test_dump_and_restore(void **state) {
    (void)state;
    char file[4200], from[URL_SIZE], to[URL_SIZE];
    snprintf(file, sizeof file, "%s/dump", server.folder);
    server_sql("postgres", "CREATE DATABASE first");
    server_sql("postgres", "CREATE DATABASE second");
    cs_store *store = open_store(server_url("first", ""), 1);
    put_many(store, 5000, 2);
    assert_ok(cs_store_finish(store, &error));
    cs_store_close(store);
    write_url(from, "first", "");
    write_url(to, "second", "");
    assert_int_equal(run_program((const char *const[]){"pg_dump", "-Fc", "-f", file, from, NULL}), 0);
    assert_int_equal(run_program((const char *const[]){"pg_restore", "-d", to, file, NULL}), 0);
    store = open_store(server_url("second", "?options=-cenable_seqscan%3Doff"), 0);
    assert_string_equal(server_sql("second", "SELECT indisvalid FROM pg_index WHERE indexrelid = "
                                             "'clipsight.embedding_hnsw'::regclass"),
                        "t");
    search_every_way(store, 5000, 2);
    put_many(store, 10, 2);
    assert_counts(store, 5000, 0, 7500);
    cs_store_close(store);
}

/* ---- Models ---- */

static void test_made_anew_for_another_model(void **state) {
    (void)state;
    static sample s;
    float vector[DIM];
    make_vector(1, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options search = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    const char *where = server_url("postgres", "?schema=changed");
    cs_store *store = open_store(where, 1);
    put_many(store, 5, 1);
    server_sql("postgres", "DROP SCHEMA changed CASCADE");
    make_sample(&s, "/p/new.jpg", 3, 1);
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_IO, "not there");
    cs_store_model other = {"sha256:fedcba", DIM, "another"};
    cs_store_options options = {&other, 1, 1};
    cs_store *second = NULL;
    assert_ok(cs_store_open(where, &options, &second, &error));
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_ARGUMENT, "sha256:fedcba");
    assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_ARGUMENT, WEIGHTS);
    assert_fails(cs_store_search(store, &query, 1, &search, &hits, &error), CS_ERR_ARGUMENT, "sha256:fedcba");
    assert_fails(cs_store_finish(store, &error), CS_ERR_ARGUMENT, "sha256:fedcba");
    assert_counts(second, 0, 0, 0);
    cs_store_close(store);
    cs_store_close(second);
}

/* Longer vectors than pgvector's index takes: compared one by one. */
static void test_long_vectors(void **state) {
    (void)state;
    enum { LONG = 2001 };
    static float vectors[3][LONG];
    cs_store_model model = {WEIGHTS, LONG, "long"};
    cs_store_options options = {&model, 1, 1};
    cs_store *store = NULL;
    assert_ok(cs_store_open(fresh_store(), &options, &store, &error));
    cs_rect box = {0, 0, 640, 480};
    for (int i = 0; i < 3; i++) {
        char path[16];
        make_vector((uint64_t)i + 1, LONG, vectors[i]);
        snprintf(path, sizeof path, "/p/%d", i);
        cs_store_photo photo = {path, 1, 1, {(uint8_t)(i + 1)}, 640, 480, NULL, 1, &box, vectors[i]};
        put_one(store, &photo);
    }
    assert_ok(cs_store_finish(store, &error));
    cs_query query = {vectors[1], 1};
    cs_search_options search = {.top = 1};
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &search, &hits, &error));
    assert_string_equal(cs_hits_get(hits, 0)->path, "/p/1");
    cs_hits_free(hits);
    cs_store_close(store);
    options.model = &(cs_store_model){WEIGHTS, 20000, "longer"};
    assert_fails(cs_store_open(fresh_store(), &options, &store, &error), CS_ERR_IO, "16000");
}

/* ---- The index ---- */

static const char *index_state(const char *schema) {
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('%s.embedding_hnsw')",
             schema);
    return server_sql("postgres", sql);
}

enum { MANY = 5000 }; /* from so many rows on there is one */

static void test_the_index(void **state) {
    (void)state;
    const char *number = "SELECT 'indexed.embedding_hnsw'::regclass::oid";
    char before[32];
    cs_store *store = open_store(server_url("postgres", "?schema=indexed"), 1);
    put_many(store, MANY - 1, 1);
    assert_ok(cs_store_finish(store, &error));
    assert_string_equal(index_state("indexed"), "");
    put_many(store, MANY, 1);
    assert_ok(cs_store_finish(store, &error));
    assert_string_equal(index_state("indexed"), "t");
    snprintf(before, sizeof before, "%s", server_sql("postgres", number));
    assert_ok(cs_store_finish(store, &error));
    assert_string_equal(server_sql("postgres", number), before); /* not built again */
    /* As a build leaves it that was broken off. */
    server_sql("postgres",
               "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'indexed.embedding_hnsw'::regclass");
    search_every_way(store, MANY, 1);
    assert_ok(cs_store_finish(store, &error));
    assert_string_equal(index_state("indexed"), "t");
    assert_string_not_equal(server_sql("postgres", number), before);
    search_every_way(store, MANY, 1);
    cs_store_close(store);
}

/* With so few rows the planner would rather read them all; so it is told not to. */
static cs_store *open_indexed(const char *schema) {
    char more[100];
    snprintf(more, sizeof more, "?schema=%s&options=-cenable_seqscan%%3Doff", schema);
    cs_store *store = open_store(server_url("postgres", more), 1);
    put_many(store, MANY, 2);
    assert_ok(cs_store_finish(store, &error));
    return store;
}

/* The query is whether statistics, which come late, say that an index was used. */
static void wait_for_scans(const char *sql) {
    for (int i = 0; i < 100 && strcmp(server_sql("postgres", sql), "t") != 0; i++)
        usleep(100000);
    assert_string_equal(server_sql("postgres", sql), "t");
}

static void test_searching_by_the_index(void **state) {
    (void)state;
    cs_store *store = open_indexed("by_index");
    search_every_way(store, MANY, 2);
    cs_store_close(store);
    wait_for_scans("SELECT idx_scan > 0 FROM pg_stat_user_indexes WHERE schemaname = 'by_index' AND "
                   "indexrelname = 'embedding_hnsw'");
}

static void test_finding_by_the_index(void **state) {
    (void)state;
    cs_store_photo *photo = NULL;
    cs_store *store = open_store(server_url("postgres", "?schema=by_path&options=-cenable_seqscan%3Doff"), 1);
    put_many(store, 10, 1);
    for (int i = 0; i < 50; i++) {
        assert_ok(cs_store_find_path(store, "/p/0003.jpg", &photo, &error));
        cs_store_photo_free(photo);
    }
    cs_store_close(store);
    wait_for_scans("SELECT idx_scan >= 50 FROM pg_stat_user_indexes WHERE schemaname = 'by_path' AND "
                   "indexrelname = 'photograph_path'");
}

/* Whoever looks after the database may have made another one. */
static void test_an_index_of_theirs(void **state) {
    (void)state;
    cs_store *store = open_indexed("theirs_indexed");
    server_sql("postgres", "DROP INDEX theirs_indexed.embedding_hnsw; CREATE INDEX embedding_hnsw ON "
                           "theirs_indexed.embedding USING hnsw (embedding vector_ip_ops)");
    search_every_way(store, MANY, 2);
    cs_store_close(store);
}

/* A prefix that few photographs have is none that the index would get to soon. */
static void test_rare_prefix(void **state) {
    (void)state;
    static sample s;
    cs_store *store = open_indexed("rare");
    put_one(store, make_sample(&s, "/rare/1.jpg", 9000, 1));
    put_one(store, make_sample(&s, "/rare/2.jpg", 9001, 1));
    float vector[DIM];
    make_vector(3 * MOST_ROWS, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options search = {.top = 5, .prefix = "/rare/"};
    cs_hits *hits = NULL;
    assert_ok(cs_store_search(store, &query, 1, &search, &hits, &error));
    assert_int_equal(cs_hits_count(hits), 2);
    cs_hits_free(hits);
    cs_store_close(store);
}

/* ---- Work of several indexers ---- */

static void test_claims(void **state) {
    (void)state;
    const char *where = fresh_store(), *paths[] = {"/1", "/2", "/3", "/4", "/5"}, *same[] = {"/5", "/4", "/6"};
    cs_store *a = open_store(where, 1), *b = open_store(where, 1), *c = open_store(where, 1);
    assert_ok(cs_store_offer(a, paths, 5, &error));
    assert_ok(cs_store_offer(b, same, 3, &error));
    assert_taken(a, 2, TAKEN("/1", "/2"));
    assert_taken(b, 2, TAKEN("/3", "/4"));
    assert_taken(c, 9, TAKEN("/5", "/6"));
    assert_taken(c, 9, TAKEN("/5", "/6"));
    assert_taken(a, 9, TAKEN("/1", "/2"));
    cs_store_close(b);
    for (int i = 0; i < 100; i++) { /* until the server has noticed */
        const char *held = server_sql("postgres", "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'");
        if (strcmp(held, "2") == 0) break;
        usleep(50000);
    }
    assert_taken(a, 9, TAKEN("/1", "/2", "/3", "/4"));
    assert_ok(cs_store_drop(c, (const char *const[]){"/5"}, 1, &error));
    cs_store_close(c);
    cs_store_close(a);
    a = open_store(where, 1);
    assert_taken(a, 9, TAKEN("/1", "/2", "/3", "/4", "/6"));
    cs_store_close(a);
}

/* One that looked before another put is told nothing new by its own list. */
static void test_offers_of_what_others_did_meanwhile(void **state) {
    (void)state;
    static sample s;
    const char *where = fresh_store(), *paths[] = {"/p/old", "/p/new", "/p/other"};
    cs_store *a = open_store(where, 1), *b = open_store(where, 1);
    put_one(a, make_sample(&s, "/p/old", 1, 1));
    list_of(b, "");
    put_one(a, make_sample(&s, "/p/new", 2, 1));
    assert_ok(cs_store_offer(b, paths, 3, &error));
    assert_taken(b, 9, TAKEN("/p/old", "/p/other"));
    assert_ok(cs_store_drop(b, paths, 3, &error));
    list_of(b, "/p/n"); /* looks again, and wants what it has seen */
    assert_ok(cs_store_offer(b, paths, 3, &error));
    assert_taken(b, 9, TAKEN("/p/old", "/p/new", "/p/other"));
    cs_store_close(a);
    cs_store_close(b);
}

/* ---- Lost connections ---- */

static void end_connections(void) {
    server_sql("postgres",
               "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'clipsight'");
}

static void test_connection_lost_between_calls(void **state) {
    (void)state;
    static sample s;
    const char *paths[] = {"/1", "/2"};
    cs_store *store = open_store(fresh_store(), 1);
    put_many(store, 10, 2);
    end_connections();
    assert_counts(store, 10, 0, 15);
    end_connections();
    put_one(store, make_sample(&s, "/p/new.jpg", 3, 1));
    end_connections();
    assert_ok(cs_store_offer(store, paths, 2, &error));
    end_connections();
    assert_taken(store, 1, TAKEN("/1"));
    end_connections();
    assert_taken(store, 1, TAKEN("/1"));
    end_connections();
    assert_ok(cs_store_finish(store, &error));
    end_connections();
    assert_int_equal(list_of(store, "/p/0")->n, 10);
    cs_store_close(store);
}

static int end_and_go_on(void *context, const cs_store_photo *photo) {
    (void)photo;
    if (++*(int *)context == 1) end_connections();
    return 0;
}

static void test_connection_lost_within_a_call(void **state) {
    (void)state;
    int called = 0;
    cs_store *store = open_store(server_url("postgres", "?schema=long_list"), 1);
    put_many(store, 10, 1);
    /* More than what is fetched at a time. */
    server_sql("postgres", "INSERT INTO long_list.photograph (path, bytes, modified, hash, width, height, embeddings, "
                           "put_number, put_by) SELECT ('/q/' || i)::bytea, 1, 1, '', 1, 1, 0, 1, 1 "
                           "FROM generate_series(1, 10000) i");
    assert_fails(cs_store_each(store, "", end_and_go_on, &called, &error), CS_ERR_IO,
                 "connection was lost while listing");
    assert_int_equal(called, 5000);
    assert_fails(cs_store_each(store, "", end_and_go_on, &called, &error), CS_OK, "");
    assert_int_equal(called, 15010);
    cs_store_close(store);
}

static void test_server_is_away(void **state) {
    (void)state;
    static sample s;
    static listing list;
    float vector[DIM];
    make_vector(1, DIM, vector);
    cs_query query = {vector, 1};
    cs_search_options search = CS_SEARCH_OPTIONS_DEFAULT;
    cs_hits *hits = NULL;
    cs_store_info info;
    cs_store_photo *photo = NULL;
    const char *paths[] = {"/1", "/2"}, *const *taken = NULL, *where = fresh_store();
    size_t n = 0;
    cs_store *store = open_store(where, 1);
    put_many(store, 10, 2);
    make_sample(&s, "/p/new.jpg", 3, 1);
    server_end(SIGQUIT);
    for (int again = 0; again < 2; again++) {
        assert_fails(cs_store_describe(store, &info, &error), CS_ERR_IO, "postgresql://clipsight@127.0.0.1");
        assert_fails(cs_store_set_windows(store, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_each(store, "", note_photo, &list, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_put(store, &s.photo, 1, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_touch(store, &s.photo, 1, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_remove(store, paths, 2, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_find_path(store, paths[0], &photo, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_find_content(store, s.photo.hash, &photo, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_offer(store, paths, 2, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_take(store, 2, &taken, &n, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_drop(store, paths, 2, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_finish(store, &error), CS_ERR_IO, "refused");
        assert_fails(cs_store_search(store, &query, 1, &search, &hits, &error), CS_ERR_IO, "refused");
    }
    check_not_opened(where, 0, CS_ERR_IO, "refused");
    server_run();
    assert_counts(store, 10, 0, 15);
    server_end(SIGQUIT);
    cs_store_close(store);
    server_run();
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_who_may_connect),
                                       cmocka_unit_test(test_who_may_make_one),
                                       cmocka_unit_test(test_the_extension),
                                       cmocka_unit_test(test_no_extension),
                                       cmocka_unit_test(test_other_tables),
                                       cmocka_unit_test(test_a_reader),
                                       cmocka_unit_test(test_an_indexer_who_is_not_the_owner),
                                       cmocka_unit_test(test_dump_and_restore),
                                       cmocka_unit_test(test_made_anew_for_another_model),
                                       cmocka_unit_test(test_long_vectors),
                                       cmocka_unit_test(test_the_index),
                                       cmocka_unit_test(test_searching_by_the_index),
                                       cmocka_unit_test(test_finding_by_the_index),
                                       cmocka_unit_test(test_an_index_of_theirs),
                                       cmocka_unit_test(test_rare_prefix),
                                       cmocka_unit_test(test_claims),
                                       cmocka_unit_test(test_offers_of_what_others_did_meanwhile),
                                       cmocka_unit_test(test_connection_lost_between_calls),
                                       cmocka_unit_test(test_connection_lost_within_a_call),
                                       cmocka_unit_test(test_server_is_away)};
    if (!server_is_given()) return 77;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}

/* URLs of stores in PostgreSQL, and servers that are not there: nothing here needs one. */
#include "support/support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "clipsight_tools.h"
#include "store/postgres_url.h"

static cs_error error;

static const char *value_of(const cs_pg_url *url, const char *keyword) {
    for (size_t i = 0; i < url->n; i++)
        if (strcmp(url->keywords[i], keyword) == 0) return url->values[i];
    return "";
}

/* The URL shows as `shown`, and libpq gets the password. */
static void check_shown(const char *where, const char *shown, const char *password) {
    cs_pg_url url;
    assert_ok(cs_pg_url_parse(where, &url, &error));
    assert_string_equal(url.shown, shown);
    assert_string_equal(value_of(&url, "password"), password);
    assert_null(url.keywords[url.n]);
    assert_null(url.values[url.n]);
    cs_pg_url_free(&url);
}

static void test_passwords_are_not_shown(void **state) {
    (void)state;
    check_shown("postgresql://me:s3cret@db.example:5433/photos", "postgresql://me@db.example:5433/photos", "s3cret");
    check_shown("postgres://me:s3cret@db.example", "postgresql://me@db.example", "s3cret");
    check_shown("postgresql://me@db.example/photos?password=s3cret&sslmode=require",
                "postgresql://me@db.example/photos?sslmode=require", "s3cret");
    check_shown("postgresql://db.example/?sslpassword=s3cret&p%61ssword=s3cret", "postgresql://db.example", "s3cret");
    check_shown("postgresql://me:s3%2Fcr%40et%3A@h/d", "postgresql://me@h/d", "s3/cr@et:");
    check_shown("postgresql://me:s3?cr&et#@h/d", "postgresql://me@h/d", "s3?cr&et#");
    check_shown("postgresql://me:@h/d", "postgresql://me@h/d", "");
}

static void test_what_is_shown(void **state) {
    (void)state;
    check_shown("postgresql://", "postgresql://", "");
    check_shown("postgresql:///photos", "postgresql:///photos", "");
    check_shown("postgresql://m%C3%A9%20e@h/my%2Fdb", "postgresql://m%C3%A9%20e@h/my%2Fdb", "");
    check_shown("postgresql://%2Frun%2Fpg:5433/d", "postgresql:///d?host=%2Frun%2Fpg&port=5433", "");
    check_shown("postgresql://a:1,b:2/d", "postgresql:///d?host=a%2Cb&port=1%2C2", "");
    check_shown("postgresql://[::1]:5433/d", "postgresql:///d?host=%3A%3A1&port=5433", "");
    check_shown("postgresql://h/d?user=me%40there", "postgresql://me%40there@h/d", "");
    check_shown("postgresql://h/d?user=me@there&connect_timeout=3", "postgresql://me%40there@h/d?connect_timeout=3",
                "");
}

/* What is shown can be given again, and means the same. */
static void test_what_is_shown_is_a_url(void **state) {
    (void)state;
    static const char *const urls[] = {"postgresql://%2Frun%2Fpg:5433/d", "postgresql://a:1,b:2/d?schema=x%20y",
                                       "postgresql://u%40x@[fe80::1]/d%2Fe?sslmode=disable"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        cs_pg_url first, second;
        assert_ok(cs_pg_url_parse(urls[i], &first, &error));
        assert_ok(cs_pg_url_parse(first.shown, &second, &error));
        assert_string_equal(first.shown, second.shown);
        assert_string_equal(first.schema, second.schema);
        assert_int_equal(first.n, second.n);
        for (size_t k = 0; k < first.n; k++)
            assert_string_equal(first.values[k], value_of(&second, first.keywords[k]));
        cs_pg_url_free(&first);
        cs_pg_url_free(&second);
    }
}

static void check_schema(const char *where, const char *schema, const char *shown) {
    cs_pg_url url;
    assert_ok(cs_pg_url_parse(where, &url, &error));
    assert_string_equal(url.schema, schema);
    assert_string_equal(url.shown, shown);
    assert_string_equal(value_of(&url, "schema"), "");
    cs_pg_url_free(&url);
}

static void test_schemas(void **state) {
    (void)state;
    char where[200];
    cs_pg_url url;
    check_schema("postgresql://h/d", "clipsight", "postgresql://h/d");
    check_schema("postgresql://h/d?schema=clipsight", "clipsight", "postgresql://h/d");
    check_schema("postgresql://h/d?schema=Hol%20%22i%C3%A9", "Hol \"i\xc3\xa9",
                 "postgresql://h/d?schema=Hol%20%22i%C3%A9");
    check_schema("postgresql://h/d?sslmode=disable&schema=a&connect_timeout=3", "a",
                 "postgresql://h/d?connect_timeout=3&sslmode=disable&schema=a");
    check_schema("postgresql://h?schema=a&schema=b", "b", "postgresql://h?schema=b");
    assert_fails(cs_pg_url_parse("postgresql://h/d?schema=", &url, &error), CS_ERR_ARGUMENT, "schema");
    assert_fails(cs_pg_url_parse("postgresql://h/d?schema=pg_mine", &url, &error), CS_ERR_ARGUMENT, "pg_");
    assert_fails(cs_pg_url_parse("postgresql://h/d?schema=%zz", &url, &error), CS_ERR_ARGUMENT, "expected");
    snprintf(where, sizeof where, "postgresql://h/d?schema=%064d", 7);
    assert_fails(cs_pg_url_parse(where, &url, &error), CS_ERR_ARGUMENT, "63");
    snprintf(where, sizeof where, "postgresql://h/d?schema=a%062d", 7);
    assert_ok(cs_pg_url_parse(where, &url, &error));
    cs_pg_url_free(&url);
}

static void test_refused(void **state) {
    (void)state;
    static const char *const urls[] = {"postgresql://me:pa/s3cret@h/d",  /* libpq: the host "me" */
                                       "postgresql://me:pa@s3cret@h/d",  /* libpq: the host "s3cret@h" */
                                       "postgresql://me:s3cret",         /* libpq: the port "s3cret" */
                                       "postgresql://me:pa/s3cret@h",    /* libpq: the database "s3cret@h" */
                                       "postgresql://me:%zzs3cret@h/d",  /* libpq shows what it does not understand */
                                       "postgresql://me:4?s3cret/x@h/d", /* libpq: a parameter without a value */
                                       "postgresql://h/d?password=s3cret%zz", /* likewise */
                                       "postgresql://h/d?passwort=s3cret",    /* libpq: unknown, and names it */
                                       "postgresql://h:1:2/d",
                                       "postgresql://[::1/d",
                                       "postgresql://h/d?nonsense=1"};
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        cs_pg_url url;
        cs_store *store = NULL;
        cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
        assert_fails(cs_pg_url_parse(urls[i], &url, &error), CS_ERR_ARGUMENT, "expected postgresql://");
        assert_null(strstr(error.message, "s3cret"));
        assert_fails(cs_store_open(urls[i], &options, &store, &error), CS_ERR_ARGUMENT, "expected postgresql://");
        assert_null(strstr(error.message, "s3cret"));
        assert_null(store);
    }
    cs_pg_url url;
    assert_fails(cs_pg_url_parse("postgresql://h/d?nonsense=1", &url, &error), CS_ERR_ARGUMENT, "nonsense");
}

static void test_defaults_can_be_set(void **state) {
    (void)state;
    cs_pg_url url;
    assert_ok(cs_pg_url_parse("postgresql://h/d", &url, &error));
    assert_string_equal(value_of(&url, "connect_timeout"), "10");
    assert_string_equal(value_of(&url, "keepalives_idle"), "30");
    cs_pg_url_free(&url);
    assert_ok(cs_pg_url_parse("postgresql://h/d?connect_timeout=3&keepalives_idle=9", &url, &error));
    assert_string_equal(value_of(&url, "connect_timeout"), "3");
    assert_string_equal(value_of(&url, "keepalives_idle"), "9");
    cs_pg_url_free(&url);
}

static int bound_socket(int *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int s = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(s >= 0 && bind(s, (struct sockaddr *)&address, size) == 0);
    assert_int_equal(getsockname(s, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return s;
}

static void check_unreachable(const char *where, const char *reason) {
    cs_store *store = NULL;
    cs_store_options options = CS_STORE_OPTIONS_DEFAULT;
    assert_fails(cs_store_open(where, &options, &store, &error), CS_ERR_IO, reason);
    assert_null(strstr(error.message, "s3cret"));
    assert_null(strchr(error.message, '\n'));
    assert_null(store);
}

static void test_nobody_listens(void **state) {
    (void)state;
    char where[200];
    int port, s = bound_socket(&port);
    snprintf(where, sizeof where, "postgresql://me:s3cret@127.0.0.1:%d/photos", port);
    check_unreachable(where, "refused");
    snprintf(where, sizeof where, "postgresql://me@127.0.0.1:%d/photos", port);
    check_unreachable(where, where); /* the message names it */
    close(s);
    check_unreachable("postgresql://me:s3cret@%2Fno%2Fsuch%2Ffolder/photos", "No such file");
    check_unreachable("postgresql://me:s3cret@127.0.0.1:1/photos?sslmode=nonsense", "nonsense");
}

/* The connection is accepted, and nothing ever comes. */
static void test_nobody_answers(void **state) {
    (void)state;
    char where[200];
    int port, s = bound_socket(&port);
    assert_int_equal(listen(s, 5), 0);
    snprintf(where, sizeof where, "postgresql://me:s3cret@127.0.0.1:%d/photos?connect_timeout=2", port);
    time_t start = time(NULL);
    check_unreachable(where, "timeout");
    assert_in_range(time(NULL) - start, 1, 5);
    close(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_passwords_are_not_shown),
                                       cmocka_unit_test(test_what_is_shown),
                                       cmocka_unit_test(test_what_is_shown_is_a_url),
                                       cmocka_unit_test(test_schemas),
                                       cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_defaults_can_be_set),
                                       cmocka_unit_test(test_nobody_listens),
                                       cmocka_unit_test(test_nobody_answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

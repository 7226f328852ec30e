/* URLs of stores in PostgreSQL, when memory is short. */
#include "support/support.h"

#include <string.h>

#include "store/postgres_url.h"

static cs_error error;

static cs_status parse(void) {
    cs_pg_url url;
    cs_status status = cs_pg_url_parse("postgresql://me:s3cret@h:1,i:2/d?sslmode=disable&schema=a%20b", &url, &error);
    if (status == CS_OK) cs_pg_url_free(&url);
    return status;
}

static void test_parse(void **state) {
    (void)state;
    fail_every_allocation(parse, 20, &error);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parse)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What every kind of store must do: stores in PostgreSQL. */
#include "store/conformance.h"
#include "store/postgres_server.h"

/* Each in a schema of its own. */
static const char *fresh_store(void) {
    static int number;
    char schema[64];
    snprintf(schema, sizeof schema, "?schema=store%%20%d", number++);
    return server_url("postgres", schema);
}

int main(void) {
    const struct CMUnitTest tests[] = {CONFORMANCE_TESTS};
    if (!server_is_given()) return 77;
    return cmocka_run_group_tests(tests, server_setup, server_teardown);
}

/* What every kind of store must do: stores in a SQLite file. */
#include "store/conformance.h"

static char *folder;

static const char *fresh_store(void) {
    static char where[4096];
    static int number;
    snprintf(where, sizeof where, "%s/%d.sqlite", folder, number++);
    return where;
}

int main(void) {
    const struct CMUnitTest tests[] = {CONFORMANCE_TESTS};
    folder = make_folder();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    remove_folder(folder);
    return failed;
}

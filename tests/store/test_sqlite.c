/* What a store must do, of stores in a SQLite file. */
#include "store/conformance.h"

static char *folder;

static const char *fresh_store(void) {
    static char file[4096];
    static int number;
    snprintf(file, sizeof file, "%s/%d.sqlite", folder, number++);
    return file;
}

static int make(void **state) {
    (void)state;
    folder = make_folder();
    return 0;
}

static int clean_up(void **state) {
    (void)state;
    remove_folder(folder);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {CONFORMANCE_TESTS};
    return cmocka_run_group_tests(tests, make, clean_up);
}

/* Handles of photographs: they lead back, differ, stay, and give way when there are too many. */
#include "support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "handles.h"

static void a_handle_leads_to_its_path(void **state) {
    (void)state;
    handle_table *table = handles_create();
    char first[HANDLE_DIGITS + 1], second[HANDLE_DIGITS + 1];
    strcpy(first, handles_give(table, "/p/a.jpg"));
    strcpy(second, handles_give(table, "/p/b.jpg"));
    assert_int_equal(strlen(first), HANDLE_DIGITS);
    assert_int_equal(strspn(first, "0123456789abcdef"), HANDLE_DIGITS);
    assert_string_not_equal(first, second);
    assert_string_equal(handles_give(table, "/p/a.jpg"), first);
    assert_string_equal(handles_find(table, first), "/p/a.jpg");
    assert_string_equal(handles_find(table, second), "/p/b.jpg");
    handles_destroy(table);
    table = handles_create();
    assert_null(handles_find(table, first)); /* of another run */
    assert_string_not_equal(handles_give(table, "/p/a.jpg"), first);
    handles_destroy(table);
    handles_destroy(NULL);
}

static void nothing_else_leads_anywhere(void **state) {
    (void)state;
    static const char *const others[] = {"", "/p/a.jpg", "../p/a.jpg", "00000000000000000000000000000000", "0"};
    handle_table *table = handles_create();
    char known[HANDLE_DIGITS + 2];
    strcpy(known, handles_give(table, "/p/a.jpg"));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_null(handles_find(table, others[i]));
    strcat(known, "0");
    assert_null(handles_find(table, known));
    known[HANDLE_DIGITS - 1] = '\0';
    assert_null(handles_find(table, known));
    handles_destroy(table);
}

static void the_oldest_give_way(void **state) {
    (void)state;
    handle_table *table = handles_create();
    static char given[HANDLES_KEPT + 10][HANDLE_DIGITS + 1];
    char path[32];
    for (int i = 0; i < HANDLES_KEPT + 10; i++) {
        snprintf(path, sizeof path, "/p/%d.jpg", i);
        strcpy(given[i], handles_give(table, path));
    }
    for (int i = 0; i < HANDLES_KEPT + 10; i++) {
        snprintf(path, sizeof path, "/p/%d.jpg", i);
        if (i < 10)
            assert_null(handles_find(table, given[i]));
        else
            assert_string_equal(handles_find(table, given[i]), path);
    }
    handles_destroy(table);
}

static void memory_that_is_short_leaves_no_half_handle(void **state) {
    (void)state;
    handle_table *table = handles_create();
    fail_allocation(0, 1); /* the copy of the path; what the trees need is libc's own */
    const char *given = handles_give(table, "/p/a.jpg");
    fail_allocation(-1, 0);
    assert_null(given);
    given = handles_give(table, "/p/a.jpg");
    assert_non_null(given);
    assert_string_equal(handles_find(table, given), "/p/a.jpg");
    handles_destroy(table);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_leads_to_its_path), cmocka_unit_test(nothing_else_leads_anywhere),
        cmocka_unit_test(the_oldest_give_way), cmocka_unit_test(memory_that_is_short_leaves_no_half_handle)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

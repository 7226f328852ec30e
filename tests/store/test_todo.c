/* Paths that are to be worked on: each once, in order, and again until it is done. */
#include <stdio.h>
#include <string.h>

#include "store/todo.h"
#include "support/support.h"

enum { MANY = 3000 };

static cs_error error;

static void offer(cs_todo *todo, int from, int to) {
    char path[32];
    const char *const paths[] = {path};
    for (int i = from; i < to; i++) {
        snprintf(path, sizeof path, "/%d", i);
        assert_ok(cs_todo_offer(todo, paths, 1, &error));
    }
}

static void finish(cs_todo *todo, int i) {
    char path[32];
    snprintf(path, sizeof path, "/%d", i);
    cs_todo_done(todo, path);
}

static void taken(cs_todo *todo, size_t most, int first, size_t count) {
    const char *const *paths = NULL;
    size_t n = 0;
    assert_ok(cs_todo_take(todo, most, &paths, &n, &error));
    assert_int_equal(n, count);
    for (size_t i = 0; i < n; i++) {
        char path[32];
        snprintf(path, sizeof path, "/%d", first + (int)i);
        assert_string_equal(paths[i], path);
    }
}

static void test_many(void **state) {
    (void)state;
    cs_todo *todo = NULL;
    assert_ok(cs_todo_create(&todo, &error));
    taken(todo, 10, 0, 0);
    cs_todo_done(todo, "/unknown");
    offer(todo, 0, MANY);
    offer(todo, 0, MANY); /* once */
    cs_todo_done(todo, "/unknown");
    for (int i = 0; i < MANY; i += 10) {
        taken(todo, 10, i, 10);
        taken(todo, 3, i, 3); /* not done yet */
        for (int k = 9; k >= 0; k--)
            finish(todo, i + k);
    }
    taken(todo, 10, 0, 0);
    offer(todo, 5, 8); /* again */
    finish(todo, 6);
    taken(todo, 1, 5, 1);
    finish(todo, 5);
    taken(todo, 9, 7, 1);
    finish(todo, 7);
    finish(todo, 7);
    taken(todo, 9, 0, 0);
    offer(todo, MANY, 4 * MANY); /* the table grows with old and new ones in it */
    taken(todo, 4 * MANY, MANY, 3 * MANY);
    cs_todo_free(todo);
    cs_todo_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The best candidates, whatever order they come in, and all that are as good as the last of them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/top.h"
#include "support/support.h"

enum { QUERIES = 3 };

static void add(cs_top *top, int64_t id, float score) {
    static union {
        cs_candidate candidate;
        char room[sizeof(cs_candidate) + QUERIES * sizeof(float)];
    } made;
    made.candidate.id = id;
    made.candidate.score = score;
    made.candidate.row = (uint32_t)id + 5;
    for (int q = 0; q < QUERIES; q++)
        made.candidate.cosines[q] = (float)id + (float)q;
    assert_true(cs_top_add(top, &made.candidate));
}

static int falling(const void *a, const void *b) {
    float x = *(const float *)a, y = *(const float *)b;
    return (x < y) - (x > y);
}

/* Score i of n in one of the orders: rising, falling, mixed with few different values, all the same. */
static float score_in(int order, int i, int n) {
    if (order == 0) return (float)i;
    if (order == 1) return (float)(n - i);
    if (order == 2) return (float)(i * 7919 % 13);
    return 1;
}

static void check(int order, int n, size_t most) {
    cs_top top;
    float scores[1000];
    cs_top_init(&top, most, QUERIES);
    for (int i = 0; i < n; i++) {
        scores[i] = score_in(order, i, n);
        add(&top, i, scores[i]);
    }
    cs_top_settle(&top);
    qsort(scores, (size_t)n, sizeof *scores, falling);
    size_t expected = (size_t)n < most ? (size_t)n : most;
    float last = n > 0 ? scores[expected - 1] : 0;
    while (expected < (size_t)n && scores[expected] == last)
        expected++;
    assert_int_equal(top.count, expected);
    for (size_t i = 0; i < expected; i++) {
        const cs_candidate *candidate = cs_top_get(&top, i);
        assert_true(candidate->score == scores[i]);
        assert_true(candidate->score == score_in(order, (int)candidate->id, n));
        assert_int_equal(candidate->row, candidate->id + 5);
        assert_true(candidate->cosines[QUERIES - 1] == (float)candidate->id + QUERIES - 1);
    }
    cs_top_free(&top);
}

static void test_orders(void **state) {
    static const size_t mosts[] = {1, 2, 20, 63, 64, 65, 500, 999, 1000, 5000};
    (void)state;
    for (int order = 0; order < 4; order++)
        for (size_t m = 0; m < sizeof mosts / sizeof *mosts; m++) {
            check(order, 1000, mosts[m]);
            check(order, 1, mosts[m]);
            check(order, 0, mosts[m]);
        }
}

static void test_no_number(void **state) {
    (void)state;
    cs_top top;
    cs_top_init(&top, 3, QUERIES);
    add(&top, 1, NAN);
    add(&top, 2, -1);
    add(&top, 3, -INFINITY);
    add(&top, 4, NAN);
    cs_top_settle(&top);
    assert_int_equal(top.count, 2);
    assert_int_equal(cs_top_get(&top, 0)->id, 2);
    cs_top_free(&top);
}

static void test_least(void **state) {
    (void)state;
    cs_top top;
    cs_top_init(&top, 3, QUERIES);
    top.least = 0.5f;
    add(&top, 1, 0.4f);
    add(&top, 2, 0.5f);
    add(&top, 3, 0.6f);
    cs_top_settle(&top);
    assert_int_equal(top.count, 2);
    cs_top_free(&top);
}

static void test_merge(void **state) {
    (void)state;
    cs_top one, other;
    cs_top_init(&one, 10, QUERIES);
    cs_top_init(&other, 10, QUERIES);
    for (int i = 0; i < 300; i++)
        add(i % 3 ? &one : &other, i, (float)(i * 37 % 300));
    assert_true(cs_top_merge(&one, &other));
    cs_top_settle(&one);
    assert_int_equal(one.count, 10);
    for (size_t i = 0; i < 10; i++)
        assert_true(cs_top_get(&one, i)->score == 299 - (float)i);
    cs_top_free(&one);
    cs_top_free(&other);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_no_number),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_merge),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Scores, and the order of hits. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "store/hits.h"
#include "support/support.h"

static cs_error error;

static void test_score(void **state) {
    (void)state;
    const cs_query one[] = {{NULL, 3}}, some[] = {{NULL, 1}, {NULL, 2}, {NULL, -0.5f}}, zero[] = {{NULL, 1}, {NULL, 0}};
    const float cosine = 0.1f, cosines[] = {0.5f, 0.25f, 0.2f}, broken[] = {0.5f, NAN, 0.2f};
    float alone = cs_hits_score(one, 1, &cosine);
    assert_memory_equal(&alone, &cosine, sizeof cosine); /* a weight alone changes nothing, to the bit */
    assert_float_equal(cs_hits_score(some, 3, cosines), (0.5 + 0.5 - 0.1) / 3, 1e-7);
    assert_true(isnan(cs_hits_score(some, 3, broken)));
    assert_float_equal(cs_hits_score(zero, 2, cosines), 0.5, 1e-7);
}

static void add(cs_hits *hits, const char *path, float cosine) {
    char copy[16];
    const cs_hit hit = {copy, 4, 3, 99, &cosine, {1, 2, 3, 4}};
    snprintf(copy, sizeof copy, "%s", path);
    assert_ok(cs_hits_add(hits, &hit, &error));
    memset(copy, 'x', sizeof copy); /* the hits have copies */
}

static void check(const cs_search_options *options, const char *expected) {
    const cs_query query = {NULL, 1};
    cs_hits *hits = NULL;
    char got[64] = "";
    assert_ok(cs_hits_create(&query, 1, &hits, &error));
    add(hits, "/b", 0.5f);
    add(hits, "/a", 0.25f);
    add(hits, "/\xff", 0.75f);
    add(hits, "/n", NAN);
    add(hits, "/c", 0.5f);
    add(hits, "/B", 0.5f);
    cs_hits_rank(hits, options);
    for (size_t i = 0; i < cs_hits_count(hits); i++) {
        strcat(got, cs_hits_get(hits, i)->path + 1);
        assert_true(cs_hits_get(hits, i)->score == cs_hits_get(hits, i)->cosines[0]);
        assert_int_equal(cs_hits_get(hits, i)->box.height, 4);
        assert_int_equal(cs_hits_get(hits, i)->height, 3);
    }
    assert_null(cs_hits_get(hits, cs_hits_count(hits)));
    assert_string_equal(got, expected);
    cs_hits_free(hits);
}

static void test_rank(void **state) {
    (void)state;
    check(&(cs_search_options){.top = 20}, "\xff"
                                           "Bbca");
    check(&(cs_search_options){.top = 3}, "\xff"
                                          "Bb");
    check(&(cs_search_options){.top = 20, .has_min_score = 1, .min_score = 0.5f}, "\xff"
                                                                                  "Bbc");
    check(&(cs_search_options){.top = 20, .has_min_score = 1, .min_score = 0.8f}, "");
    check(&(cs_search_options){.top = 20, .min_score = 0.8f}, "\xff"
                                                              "Bbca");
}

static void test_none(void **state) {
    (void)state;
    assert_int_equal(cs_hits_count(NULL), 0);
    assert_null(cs_hits_get(NULL, 0));
    cs_hits_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_score),
        cmocka_unit_test(test_rank),
        cmocka_unit_test(test_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

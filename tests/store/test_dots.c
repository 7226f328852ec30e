/* The exact search's products against plain C in double, on odd sizes and at odd places. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/dots.h"
#include "store/made_up.h"
#include "support/support.h"

enum { ROWS_MOST = 11, QUERIES_MOST = 9, DIM_MOST = 640 };

static float *numbers(size_t count, uint64_t seed) {
    float *made = malloc((count + 1) * sizeof *made);
    assert_non_null(made);
    for (size_t i = 0; i < count; i++)
        made[i] = next_number(&seed);
    return made;
}

static void compare(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim) {
    float got[ROWS_MOST * QUERIES_MOST + 1], expected[ROWS_MOST * QUERIES_MOST];
    got[n_rows * n_queries] = 77; /* nothing is written behind the end */
    cs_dots(rows, n_rows, queries, n_queries, dim, got);
    cs_dots_reference(rows, n_rows, queries, n_queries, dim, expected);
    for (size_t i = 0; i < n_rows * n_queries; i++)
        if (fabsf(got[i] - expected[i]) > 1e-6f * (float)dim + 1e-6f)
            fail_msg("%zu x %zu x %d, number %zu: %g, expected %g", n_rows, n_queries, dim, i, (double)got[i],
                     (double)expected[i]);
    assert_true(got[n_rows * n_queries] == 77);
}

static void test_sizes(void **state) {
    static const int dims[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 31, 511, 512, 513, 640};
    (void)state;
    float *rows = numbers(ROWS_MOST * DIM_MOST, 1), *queries = numbers(QUERIES_MOST * DIM_MOST, 2);
    for (size_t d = 0; d < sizeof dims / sizeof *dims; d++)
        for (size_t r = 0; r <= ROWS_MOST; r++)
            for (size_t q = 1; q <= QUERIES_MOST; q++)
                compare(rows, r, queries, q, dims[d]);
    free(rows);
    free(queries);
}

/* Off every boundary of the vector registers. */
static void test_places(void **state) {
    (void)state;
    float *rows = numbers(ROWS_MOST * DIM_MOST, 3), *queries = numbers(QUERIES_MOST * DIM_MOST, 4);
    for (size_t shift = 0; shift < 17; shift++)
        compare(rows + shift, 5, queries + 17 - shift, 3, 100);
    free(rows);
    free(queries);
}

/* To the bit the same, alone or with others: a photograph's score is no matter of its neighbours. */
static void test_alone_or_together(void **state) {
    (void)state;
    enum { DIM = 77 };
    float *rows = numbers(ROWS_MOST * DIM, 5), *queries = numbers(QUERIES_MOST * DIM, 6);
    float together[ROWS_MOST][QUERIES_MOST], alone;
    cs_dots(rows, ROWS_MOST, queries, QUERIES_MOST, DIM, together[0]);
    for (size_t r = 0; r < ROWS_MOST; r++)
        for (size_t q = 0; q < QUERIES_MOST; q++) {
            cs_dots(rows + r * DIM, 1, queries + q * DIM, 1, DIM, &alone);
            assert_memory_equal(&alone, &together[r][q], sizeof alone);
        }
    free(rows);
    free(queries);
}

static void test_no_number(void **state) {
    (void)state;
    float rows[2][3] = {{1, NAN, 0}, {1, 2, 3}}, query[3] = {1, 0, 1}, got[2];
    cs_dots(rows[0], 2, query, 1, 3, got);
    assert_true(isnan(got[0]));
    assert_true(got[1] == 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_alone_or_together),
        cmocka_unit_test(test_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

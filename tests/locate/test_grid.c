/* Interpolation between grids, and connected regions against a slow, obvious labelling. */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/grid.h"

static void the_same_size_is_a_copy(void **state) {
    (void)state;
    const float source[6] = {1, 2, 3, 4, 5, 6};
    float values[6] = {0};
    cs_grid grid = {2, 3, 1, 1, values};
    cs_grid_add(&grid, source, 2, 3, 2.0f);
    for (int i = 0; i < 6; i++)
        assert_true(fabsf(values[i] - 2 * source[i]) < 1e-6f);
}

static void doubling_interpolates_and_holds_the_edge(void **state) {
    (void)state;
    const float source[2] = {0, 4};
    float values[4] = {0};
    cs_grid grid = {1, 4, 1, 1, values};
    cs_grid_add(&grid, source, 1, 2, 1.0f);
    const float expected[4] = {0, 1, 3, 4};
    for (int i = 0; i < 4; i++)
        assert_true(fabsf(values[i] - expected[i]) < 1e-6f);
}

static void raising_keeps_the_larger(void **state) {
    (void)state;
    const float source[2] = {0.2f, 0.9f};
    float values[2] = {0.5f, 0.5f};
    cs_grid grid = {1, 2, 1, 1, values};
    cs_grid_raise(&grid, source, 1, 2, 1.0f);
    assert_true(values[0] == 0.5f && fabsf(values[1] - 0.9f) < 1e-6f);
}

static void single_cells_and_rows_work(void **state) {
    (void)state;
    const float source[1] = {0.7f};
    float values[6] = {0};
    cs_grid grid = {3, 2, 1, 1, values};
    cs_grid_add(&grid, source, 1, 1, 1.0f);
    for (int i = 0; i < 6; i++)
        assert_true(fabsf(values[i] - 0.7f) < 1e-6f);
}

static void two_regions_and_a_diagonal(void **state) {
    (void)state;
    cs_error error;
    float values[20] = {1, 0, 0, 0, .8f, 0, .9f, 0, 0, 0, 0, 0, 0, 0, .6f, 0, 0, 0, .7f, 0};
    cs_grid grid = {4, 5, 1, 1, values};
    cs_region *regions;
    size_t count;
    assert_ok(cs_grid_regions(&grid, 0.5f, NULL, &regions, &count, &error));
    assert_int_equal(count, 3);
    assert_int_equal(regions[0].cells, 2); /* joined over a corner */
    assert_int_equal(regions[0].right, 2);
    assert_int_equal(regions[0].bottom, 2);
    assert_true(regions[0].peak == 1 && fabsf(regions[0].mean - .95f) < 1e-6f);
    assert_int_equal(regions[1].left, 4);
    assert_int_equal(regions[2].left, 3);
    assert_int_equal(regions[2].top, 2);
    free(regions);
}

static void no_cell_above_gives_no_region(void **state) {
    (void)state;
    cs_error error;
    float values[4] = {.5f, .5f, .5f, .5f};
    cs_grid grid = {2, 2, 1, 1, values};
    cs_region *regions;
    size_t count;
    assert_ok(cs_grid_regions(&grid, 0.5f, NULL, &regions, &count, &error));
    assert_int_equal(count, 0);
    assert_null(regions);
    assert_int_equal(cs_grid_single_region(&grid, 0.5f, NULL).cells, 0);
}

/* Labels by spreading the smallest number until nothing changes. */
static int slow_count(const cs_grid *grid, float threshold) {
    int cells = grid->rows * grid->cols, changed = 1, count = 0;
    int *label = malloc((size_t)cells * sizeof *label);
    for (int i = 0; i < cells; i++)
        label[i] = grid->values[i] > threshold ? i : -1;
    while (changed) {
        changed = 0;
        for (int i = 0; i < cells; i++) {
            for (int j = 0; j < cells && label[i] >= 0; j++) {
                int near = abs(i / grid->cols - j / grid->cols) <= 1 && abs(i % grid->cols - j % grid->cols) <= 1;
                if (!near || label[j] < 0 || label[j] >= label[i]) continue;
                label[i] = label[j];
                changed = 1;
            }
        }
    }
    for (int i = 0; i < cells; i++)
        count += label[i] == i;
    free(label);
    return count;
}

static void random_maps_have_as_many_regions_as_a_slow_labelling_finds(void **state) {
    (void)state;
    cs_error error;
    srand(7);
    for (int round = 0; round < 300; round++) {
        cs_grid grid = {1 + rand() % 9, 1 + rand() % 9, 1, 1, NULL};
        size_t cells = (size_t)grid.rows * (size_t)grid.cols, count, covered = 0;
        grid.values = malloc(cells * sizeof *grid.values);
        for (size_t i = 0; i < cells; i++)
            grid.values[i] = (float)rand() / (float)RAND_MAX;
        cs_region *regions;
        assert_ok(cs_grid_regions(&grid, 0.6f, NULL, &regions, &count, &error));
        assert_int_equal((int)count, slow_count(&grid, 0.6f));
        for (size_t i = 0; i < count; i++)
            covered += (size_t)regions[i].cells;
        assert_int_equal((int)covered, cs_grid_single_region(&grid, 0.6f, NULL).cells);
        free(regions);
        free(grid.values);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_size_is_a_copy),
        cmocka_unit_test(doubling_interpolates_and_holds_the_edge),
        cmocka_unit_test(raising_keeps_the_larger),
        cmocka_unit_test(single_cells_and_rows_work),
        cmocka_unit_test(two_regions_and_a_diagonal),
        cmocka_unit_test(no_cell_above_gives_no_region),
        cmocka_unit_test(random_maps_have_as_many_regions_as_a_slow_labelling_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The chapter's arithmetic: geometry of patches and windows, the mean over windows, clipping, boxes. */
#include "support/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "locate/grid.h"
#include "locate/window.h"

static cs_map geometry_of(int width, int height, int patch, int window, int stride) {
    cs_error error;
    cs_map map;
    cs_localize_options options = {.patch = patch, .window = window, .stride = stride};
    assert_ok(cs_window_geometry(width, height, &options, &map, &error));
    return map;
}

static void the_chapters_photograph_has_120_windows(void **state) {
    (void)state;
    cs_map map = geometry_of(3456, 5184, 0, 0, 0);
    assert_int_equal(map.patch, 256);
    assert_int_equal(map.window, 6);
    assert_int_equal(map.stride, 1);
    assert_int_equal(map.rows, 20);
    assert_int_equal(map.cols, 13);
    assert_int_equal(map.window_rows, 15);
    assert_int_equal(map.window_cols, 8);
    cs_rect last = cs_window_rect(&map, 119);
    assert_int_equal(last.x, 7 * 256);
    assert_int_equal(last.y, 14 * 256);
    assert_int_equal(last.width, 1536);
    assert_int_equal(last.height, 1536);
}

static void small_photographs_need_no_options(void **state) {
    (void)state;
    const int sizes[][2] = {{500, 375}, {375, 500}, {64, 64}, {13, 400}, {5, 3}, {1, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int width = sizes[i][0], height = sizes[i][1];
        cs_map map = geometry_of(width, height, 0, 0, 0);
        cs_rect last = cs_window_rect(&map, (size_t)map.window_rows * (size_t)map.window_cols - 1);
        assert_true(map.window_rows >= 1 && map.window_cols >= 1);
        assert_true(last.x + last.width <= width && last.y + last.height <= height);
    }
    assert_int_equal(geometry_of(500, 375, 0, 0, 0).patch, 28);
}

static void stride_skips_windows(void **state) {
    (void)state;
    cs_map map = geometry_of(3456, 5184, 256, 6, 3);
    assert_int_equal(map.window_rows, 5);
    assert_int_equal(map.window_cols, 3);
    assert_int_equal(cs_window_rect(&map, 4).x, 3 * 256);
    assert_int_equal(cs_window_rect(&map, 4).y, 3 * 256);
}

static void a_window_that_does_not_fit_is_refused(void **state) {
    (void)state;
    cs_error error;
    cs_map map;
    cs_localize_options options = {.patch = 256, .window = 6};
    assert_fails(cs_window_geometry(500, 375, &options, &map, &error), CS_ERR_ARGUMENT, "500 x 375");
    options = (cs_localize_options){.patch = 600};
    assert_fails(cs_window_geometry(500, 375, &options, &map, &error), CS_ERR_ARGUMENT, "does not fit");
    options = (cs_localize_options){.patch = -1};
    assert_fails(cs_window_geometry(500, 375, &options, &map, &error), CS_ERR_ARGUMENT, "above zero");
    options = (cs_localize_options){.patch = 1, .window = 1};
    assert_fails(cs_window_geometry(20000, 20000, &options, &map, &error), CS_ERR_LIMIT, "windows");
}

/* The mean at one patch, written the other way round: which windows see it? */
static double mean_at(const cs_map *map, const float *logits, int y, int x, int runs) {
    double sum = 0;
    for (int row = 0; row < map->window_rows; row++) {
        for (int col = 0; col < map->window_cols; col++) {
            int top = row * map->stride, left = col * map->stride;
            if (y < top || y >= top + map->window || x < left || x >= left + map->window) continue;
            sum += logits[row * map->window_cols + col];
            runs++;
        }
    }
    return runs ? sum / runs : 0;
}

static void check_mean(const cs_map *map, int chapter) {
    cs_error error;
    size_t windows = (size_t)map->window_rows * (size_t)map->window_cols;
    size_t cells = (size_t)map->rows * (size_t)map->cols;
    float *logits = malloc(windows * sizeof *logits), *mean = malloc(cells * sizeof *mean);
    for (size_t i = 0; i < windows; i++)
        logits[i] = (float)(20 + 8 * sin((double)i * 1.7) + 3 * cos((double)(i * i)));
    assert_ok(cs_window_mean(map, logits, chapter, mean, &error));
    for (int y = 0; y < map->rows; y++)
        for (int x = 0; x < map->cols; x++)
            assert_true(fabs((double)mean[y * map->cols + x] - mean_at(map, logits, y, x, chapter)) < 2e-6);
    free(logits);
    free(mean);
}

static void means_are_those_of_an_independent_calculation(void **state) {
    (void)state;
    for (int chapter = 0; chapter < 2; chapter++) {
        cs_map maps[] = {geometry_of(3456, 5184, 256, 6, 1), geometry_of(3456, 5184, 256, 4, 1),
                         geometry_of(3456, 5184, 256, 6, 4), geometry_of(100, 70, 10, 7, 1)};
        for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
            check_mean(&maps[i], chapter);
    }
}

static void the_chapter_counts_runs_from_one(void **state) {
    (void)state;
    cs_error error;
    cs_map map = geometry_of(2, 2, 1, 2, 1);
    const float logit = 12;
    float mean[4];
    assert_ok(cs_window_mean(&map, &logit, 1, mean, &error));
    assert_true(mean[0] == 6.0f);
    assert_ok(cs_window_mean(&map, &logit, 0, mean, &error));
    assert_true(mean[3] == 12.0f);
}

static void clipping_and_normalising(void **state) {
    (void)state;
    float cells[4] = {1, 2, 3, 6}; /* mean 3 */
    cs_map_clip(cells, 4);
    assert_true(cells[0] == 0 && cells[1] == 0 && cells[2] == 0 && cells[3] == 3);
    float values[3] = {2, 4, 3};
    cs_map_normalise(values, 3);
    assert_true(values[0] == 0 && values[1] == 1 && values[2] == 0.5f);
    float flat[3] = {5, 5, 5};
    cs_map_normalise(flat, 3);
    assert_true(flat[0] == 0 && flat[2] == 0);
}

/* One row of the matrix that the notebook printed in its cell 39 is enough to see whether cell 37 normalises to it. */
static int read_matrix(const char *path, float *out, int count) {
    FILE *file = fopen(path, "r");
    int got = 0;
    while (got < count && fscanf(file, "%f%*[\t,\n ]", &out[got]) == 1)
        got++;
    fclose(file);
    return got;
}

static void the_notebooks_clipped_map_normalises_to_its_next_cell(void **state) {
    (void)state;
    float clipped[260], normalised[260];
    const char *path = shared_data("chapter/scores_fluffy_cat_clipped_cell37.tsv");
    if (!path) skip();
    assert_int_equal(read_matrix(path, clipped, 260), 260);
    path = shared_data("chapter/scores_fluffy_cat_norm_cell39.tsv");
    assert_int_equal(read_matrix(path, normalised, 260), 260);
    cs_map_normalise(clipped, 260);
    for (int i = 0; i < 260; i++)
        assert_true(fabsf(clipped[i] - normalised[i]) < 6e-4f); /* both are printed with four decimals */
}

/* (row, column) of the 25 cells that the notebook prints for "a butterfly". */
static const int butterfly[25][2] = {{3, 2}, {3, 3}, {4, 1}, {4, 2}, {4, 3}, {4, 4}, {5, 1}, {5, 2}, {5, 3},
                                     {5, 4}, {6, 1}, {6, 2}, {6, 3}, {6, 4}, {7, 1}, {7, 2}, {7, 3}, {7, 4},
                                     {8, 1}, {8, 2}, {8, 3}, {9, 1}, {9, 2}, {9, 3}, {10, 2}};

static void the_chapters_cells_give_the_chapters_box(void **state) {
    (void)state;
    float values[260] = {0};
    cs_grid grid = {20, 13, 256, 256, values};
    for (int i = 0; i < 25; i++)
        values[butterfly[i][0] * 13 + butterfly[i][1]] = 0.9f;
    values[0] = 0.5f; /* the comparison is strict */
    cs_region region = cs_grid_single_region(&grid, 0.5f, NULL);
    assert_int_equal(region.cells, 25);
    assert_int_equal(region.left * 256, 256);
    assert_int_equal(region.top * 256, 768);
    assert_int_equal((region.right - region.left) * 256, 1024);
    assert_int_equal((region.bottom - region.top) * 256, 2048);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_chapters_photograph_has_120_windows),
        cmocka_unit_test(small_photographs_need_no_options),
        cmocka_unit_test(stride_skips_windows),
        cmocka_unit_test(a_window_that_does_not_fit_is_refused),
        cmocka_unit_test(means_are_those_of_an_independent_calculation),
        cmocka_unit_test(the_chapter_counts_runs_from_one),
        cmocka_unit_test(clipping_and_normalising),
        cmocka_unit_test(the_notebooks_clipped_map_normalises_to_its_next_cell),
        cmocka_unit_test(the_chapters_cells_give_the_chapters_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

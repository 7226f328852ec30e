/* Superpixels: colours in Lab, regions that cover everything, are connected, about as many as wanted, and end at edges.
 */
#include "support/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "locate/superpixels.h"

enum { ROWS = 60, COLS = 90 };

typedef uint8_t colour_fn(int row, int col, int channel);

static cs_lab lab_of(int rows, int cols, colour_fn *colour) {
    cs_error error;
    cs_lab lab;
    uint8_t *pixels = malloc((size_t)rows * (size_t)cols * 3);
    for (int row = 0; row < rows; row++)
        for (int col = 0; col < cols; col++)
            for (int c = 0; c < 3; c++)
                pixels[(row * cols + col) * 3 + c] = colour(row, col, c);
    assert_ok(cs_lab_create((cs_view){pixels, (size_t)cols * 3, cols, rows}, &lab, &error));
    free(pixels);
    return lab;
}

static cs_superpixels cut(const cs_lab *lab, int wanted) {
    cs_error error;
    cs_superpixels cut;
    assert_ok(cs_superpixels_create(lab, wanted, &cut, &error));
    assert_int_equal(cut.rows, lab->rows);
    assert_int_equal(cut.cols, lab->cols);
    return cut;
}

/* Colours whose L*, a* and b* are tabled: white, black, middle grey, red, green, blue. */
static const uint8_t known[6][3] = {{255, 255, 255}, {0, 0, 0}, {119, 119, 119}, {255, 0, 0}, {0, 255, 0}, {0, 0, 255}};
static const float known_lab[6][3] = {{100, 0, 0},
                                      {0, 0, 0},
                                      {50.03f, 0, 0},
                                      {53.24f, 80.09f, 67.2f},
                                      {87.73f, -86.18f, 83.18f},
                                      {32.3f, 79.19f, -107.86f}};

static uint8_t known_colour(int row, int col, int channel) {
    (void)row;
    return known[col][channel];
}

static void colours_have_their_tabled_lab(void **state) {
    (void)state;
    cs_lab lab = lab_of(1, 6, known_colour);
    for (int col = 0; col < 6; col++)
        for (int i = 0; i < 3; i++)
            assert_true(fabsf(lab.planes[i * 6 + col] - known_lab[col][i]) < 0.05f);
    cs_lab_free(&lab);
}

static uint8_t noise(int row, int col, int channel) {
    uint32_t x = (uint32_t)(row * 7919 + col * 104729 + channel * 1299709);
    x = (x ^ (x >> 13)) * 2654435761u;
    return (uint8_t)(x >> 24);
}

/* A little grain on two halves and a disc. */
static int part_of(int row, int col) {
    if ((row - 30) * (row - 30) + (col - 55) * (col - 55) < 196) return 2;
    return col >= 36;
}

static uint8_t parts(int row, int col, int channel) {
    static const uint8_t colours[3][3] = {{40, 60, 160}, {70, 150, 60}, {220, 170, 40}};
    return (uint8_t)(colours[part_of(row, col)][channel] + noise(row, col, channel) % 9);
}

static uint8_t grey(int row, int col, int channel) {
    (void)row;
    (void)col;
    (void)channel;
    return 128;
}

static size_t spread(const cs_superpixels *s, uint8_t *seen, size_t *stack, size_t depth, size_t at, int32_t label) {
    if (seen[at] || s->labels[at] != label) return depth;
    seen[at] = 1;
    stack[depth] = at;
    return depth + 1;
}

/* Marks what is connected to a pixel. */
static void flood(const cs_superpixels *s, size_t first, uint8_t *seen, size_t *stack) {
    size_t cols = (size_t)s->cols, depth = spread(s, seen, stack, 0, first, s->labels[first]);
    while (depth > 0) {
        size_t at = stack[--depth];
        int32_t label = s->labels[at];
        if (at % cols > 0) depth = spread(s, seen, stack, depth, at - 1, label);
        if (at % cols + 1 < cols) depth = spread(s, seen, stack, depth, at + 1, label);
        if (at >= cols) depth = spread(s, seen, stack, depth, at - cols, label);
        if (at + cols < cols * (size_t)s->rows) depth = spread(s, seen, stack, depth, at + cols, label);
    }
}

/* Every number from 0 to count - 1 is one connected region, and they come in order. */
static void check_regions(const cs_superpixels *s) {
    size_t pixels = (size_t)s->rows * (size_t)s->cols;
    uint8_t *seen = calloc(pixels, 1);
    size_t *stack = malloc(pixels * sizeof *stack);
    int32_t next = 0;
    for (size_t i = 0; i < pixels; i++) {
        if (seen[i]) continue;
        assert_int_equal(s->labels[i], next++);
        flood(s, i, seen, stack);
    }
    assert_int_equal(next, s->count);
    free(seen);
    free(stack);
}

static void regions_are_connected_and_as_many_as_wanted(void **state) {
    (void)state;
    colour_fn *const pictures[] = {noise, parts, grey};
    static const int wanted[] = {1, 2, 10, 50, 200};
    for (int p = 0; p < 3; p++) {
        cs_lab lab = lab_of(ROWS, COLS, pictures[p]);
        for (int i = 0; i < 5; i++) {
            cs_superpixels s = cut(&lab, wanted[i]);
            check_regions(&s);
            assert_true(s.count <= 1.35 * wanted[i] + 1);
            if (pictures[p] != noise) assert_true(s.count >= 0.6 * wanted[i]);
            cs_superpixels_free(&s);
        }
        cs_lab_free(&lab);
    }
}

static void small_and_elongated_pictures_are_cut(void **state) {
    (void)state;
    static const int sizes[][2] = {{1, 1}, {1, 40}, {40, 1}, {2, 2}, {3, 200}, {200, 3}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        cs_lab lab = lab_of(sizes[i][0], sizes[i][1], parts);
        for (int wanted = 1; wanted <= sizes[i][0] * sizes[i][1]; wanted += 19) {
            cs_superpixels s = cut(&lab, wanted);
            assert_true(s.count >= 1);
            check_regions(&s);
            cs_superpixels_free(&s);
        }
        cs_lab_free(&lab);
    }
}

/* Share of the pixels that lie in a region whose majority is of another part. */
static double mixed_share(const cs_superpixels *s) {
    int(*counts)[3] = calloc((size_t)s->count, sizeof *counts), wrong = 0;
    for (int i = 0; i < ROWS * COLS; i++)
        counts[s->labels[i]][part_of(i / COLS, i % COLS)]++;
    for (int r = 0; r < s->count; r++) {
        int most = 0, sum = 0;
        for (int part = 0; part < 3; part++) {
            sum += counts[r][part];
            most = counts[r][part] > most ? counts[r][part] : most;
        }
        wrong += sum - most;
    }
    free(counts);
    return (double)wrong / (ROWS * COLS);
}

static void regions_end_where_colours_change(void **state) {
    (void)state;
    cs_lab lab = lab_of(ROWS, COLS, parts), flat = lab_of(ROWS, COLS, grey);
    cs_superpixels s = cut(&lab, 50), squares = cut(&flat, 50);
    assert_true(mixed_share(&s) < 0.02);
    assert_true(mixed_share(&squares) > 0.06); /* squares that know nothing of colours do not */
    cs_superpixels_free(&s);
    cs_superpixels_free(&squares);
    cs_lab_free(&lab);
    cs_lab_free(&flat);
}

static void the_same_picture_gives_the_same_regions(void **state) {
    (void)state;
    cs_lab lab = lab_of(ROWS, COLS, noise);
    cs_superpixels a = cut(&lab, 40), b = cut(&lab, 40);
    assert_memory_equal(a.labels, b.labels, ROWS * COLS * sizeof *a.labels);
    cs_superpixels_free(&a);
    cs_superpixels_free(&b);
    cs_lab_free(&lab);
}

static void small_pieces_join_the_one_before(void **state) {
    (void)state;
    cs_error error;
    int count;
    int32_t labels[] = {7, 7, 7, 2, 2, /* */
                        7, 9, 7, 2, 2, /* the 9 is alone */
                        7, 7, 7, 2, 7, /* and so is this 7, far from the others */
                        4, 4, 4, 4, 4};
    const int32_t expected[] = {0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2};
    assert_ok(cs_superpixels_connect(4, 5, 2, labels, &count, &error));
    assert_int_equal(count, 3);
    assert_memory_equal(labels, expected, sizeof labels);
}

static void large_pieces_become_regions(void **state) {
    (void)state;
    cs_error error;
    int count;
    int32_t labels[] = {1, 1, 5, 1, 1};
    const int32_t expected[] = {0, 0, 1, 2, 2};
    assert_ok(cs_superpixels_connect(1, 5, 1, labels, &count, &error));
    assert_int_equal(count, 3);
    assert_memory_equal(labels, expected, sizeof labels);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colours_have_their_tabled_lab),
        cmocka_unit_test(regions_are_connected_and_as_many_as_wanted),
        cmocka_unit_test(small_and_elongated_pictures_are_cut),
        cmocka_unit_test(regions_end_where_colours_change),
        cmocka_unit_test(the_same_picture_gives_the_same_regions),
        cmocka_unit_test(small_pieces_join_the_one_before),
        cmocka_unit_test(large_pieces_become_regions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

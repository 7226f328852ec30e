#include "locate/grid.h"

#include <stdlib.h>

float cs_highest(const float *values, size_t count) {
    float best = values[0];
    for (size_t i = 1; i < count; i++)
        best = values[i] > best ? values[i] : best;
    return best;
}

/* Where the centre of target cell `at` of `out` falls among `in` source cells: the cell before, and how far behind it.
 */
static int locate(int at, int out, int in, float *fraction) {
    float position = ((float)at + 0.5f) * (float)in / (float)out - 0.5f;
    if (position < 0) position = 0;
    int before = (int)position;
    if (before > in - 2) before = in - 2;
    if (before < 0) {
        *fraction = 0;
        return 0;
    }
    *fraction = position - (float)before;
    if (*fraction > 1) *fraction = 1;
    return before;
}

static float sample(const float *source, int rows, int cols, int row, float down, int col, float right) {
    const float *a = source + (size_t)row * (size_t)cols + (size_t)col;
    size_t next_row = rows > 1 ? (size_t)cols : 0, next_col = cols > 1 ? 1 : 0;
    float upper = a[0] + (a[next_col] - a[0]) * right;
    float lower = a[next_row] + (a[next_row + next_col] - a[next_row]) * right;
    return upper + (lower - upper) * down;
}

typedef void merge_fn(float *target, float value);

static void add(float *target, float value) {
    *target += value;
}

static void raise(float *target, float value) {
    if (value > *target) *target = value;
}

static void merge(cs_grid *target, const float *source, int rows, int cols, float weight, merge_fn *operation) {
    for (int y = 0; y < target->rows; y++) {
        float down, right;
        int row = locate(y, target->rows, rows, &down);
        for (int x = 0; x < target->cols; x++) {
            int col = locate(x, target->cols, cols, &right);
            operation(&target->values[(size_t)y * (size_t)target->cols + (size_t)x],
                      weight * sample(source, rows, cols, row, down, col, right));
        }
    }
}

void cs_grid_add(cs_grid *target, const float *source, int rows, int cols, float weight) {
    merge(target, source, rows, cols, weight, add);
}

void cs_grid_raise(cs_grid *target, const float *source, int rows, int cols, float weight) {
    merge(target, source, rows, cols, weight, raise);
}

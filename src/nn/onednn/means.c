/* Means over feature maps. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/simd.h"
#include "nn/onednn/onednn.h"

CS_CLONES static void add_row(int channels, const float *x, float *sum) {
    for (int c = 0; c < channels; c++)
        sum[c] += x[c];
}

CS_CLONES static void scale_row(int channels, float factor, float *x) {
    for (int c = 0; c < channels; c++)
        x[c] *= factor;
}

static void clear_row(int channels, float *x) {
    for (int c = 0; c < channels; c++)
        x[c] = 0;
}

cs_status cs_cpu_global_mean(cs_nn *nn, int n, int height, int width, int channels, const float *x, float *y,
                             cs_error *error) {
    (void)error;
    size_t cells = (size_t)height * (size_t)width;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int i = 0; i < n; i++) {
        float *sum = y + (size_t)i * (size_t)channels;
        clear_row(channels, sum);
        for (size_t p = 0; p < cells; p++)
            add_row(channels, x + ((size_t)i * cells + p) * (size_t)channels, sum);
        scale_row(channels, 1.0f / (float)cells, sum);
    }
    return CS_OK;
}

/* Mean of one square of cells whose first is `first`. */
static void pool_square(int width, int channels, int side, const float *first, float *y) {
    clear_row(channels, y);
    for (int r = 0; r < side; r++)
        for (int k = 0; k < side; k++)
            add_row(channels, first + ((size_t)r * (size_t)width + (size_t)k) * (size_t)channels, y);
    scale_row(channels, 1.0f / (float)(side * side), y);
}

cs_status cs_cpu_mean_pool(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                           cs_error *error) {
    (void)error;
    int rows = height / side, cols = width / side;
#pragma omp parallel for collapse(2) num_threads(nn->threads) schedule(static)
    for (int i = 0; i < n; i++) {
        for (int row = 0; row < rows; row++) {
            const float *in =
                x + ((size_t)i * (size_t)height + (size_t)(row * side)) * (size_t)width * (size_t)channels;
            float *out = y + ((size_t)i * (size_t)rows + (size_t)row) * (size_t)cols * (size_t)channels;
            for (int col = 0; col < cols; col++)
                pool_square(width, channels, side, in + (size_t)(col * side) * (size_t)channels,
                            out + (size_t)col * (size_t)channels);
        }
    }
    return CS_OK;
}

/* First and last + 1 of the cells of a window around `at` that exist. */
static void window_bounds(int at, int side, int size, int *first, int *last) {
    *first = at - side / 2 > 0 ? at - side / 2 : 0;
    *last = at + side / 2 + 1 < size ? at + side / 2 + 1 : size;
}

/* Sum over the columns around each cell. x, y: [width, channels]. */
static void sum_columns(int width, int channels, int side, const float *x, float *y) {
    for (int col = 0; col < width; col++) {
        int first, last;
        float *sum = y + (size_t)col * (size_t)channels;
        window_bounds(col, side, width, &first, &last);
        clear_row(channels, sum);
        for (int c = first; c < last; c++)
            add_row(channels, x + (size_t)c * (size_t)channels, sum);
    }
}

/* Sum over the rows around `row`, divided by the number of cells. sums: [height, width, channels]. */
static void mean_of_rows(int height, int width, int channels, int side, int row, const float *sums, float *y) {
    int first, last;
    window_bounds(row, side, height, &first, &last);
    clear_row(width * channels, y);
    for (int r = first; r < last; r++)
        add_row(width * channels, sums + (size_t)r * (size_t)width * (size_t)channels, y);
    for (int col = 0; col < width; col++) {
        int left, right;
        window_bounds(col, side, width, &left, &right);
        scale_row(channels, 1.0f / (float)((last - first) * (right - left)), y + (size_t)col * (size_t)channels);
    }
}

cs_status cs_cpu_local_mean(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x, float *y,
                            cs_error *error) {
    size_t row_size = (size_t)width * (size_t)channels, picture = row_size * (size_t)height;
    float *sums = cs_alloc_aligned(picture, sizeof *sums);
    if (!sums) return cs_fail_memory(error, "a local mean");
    for (int i = 0; i < n; i++) {
        const float *in = x + (size_t)i * picture;
        float *out = y + (size_t)i * picture;
#pragma omp parallel num_threads(nn->threads)
        {
#pragma omp for schedule(static)
            for (int row = 0; row < height; row++)
                sum_columns(width, channels, side, in + (size_t)row * row_size, sums + (size_t)row * row_size);
#pragma omp for schedule(static)
            for (int row = 0; row < height; row++)
                mean_of_rows(height, width, channels, side, row, sums, out + (size_t)row * row_size);
        }
    }
    free(sums);
    return CS_OK;
}

#include "store/dots.h"

#include <stdint.h>

#include "base/simd.h"

/* Eight sums side by side, wherever the floats lie. */
typedef float lanes __attribute__((vector_size(32), aligned(4), may_alias));

/* AHEAD: so many rows further on are fetched meanwhile. The processor itself fetches ahead within a page only, which
 * holds two rows; with one query there is nothing to do meanwhile, and it keeps up. */
enum { LANES = 8, ROWS = 4, QUERIES = 4, AHEAD = 2 * ROWS };

static inline __attribute__((always_inline)) float add_up(lanes v) {
    return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

/* A tile of ROWS rows, which follow each other, and some queries, whose sums stay in registers. Every product is summed
 * in the same order, whatever the tile: eight lanes, then what is left of the row, one by one. */
static inline __attribute__((always_inline)) void tile(const float *const *rows, const float *const *queries,
                                                       int n_queries, int dim, float (*out)[QUERIES]) {
    lanes sums[ROWS][QUERIES] = {{{0}}};
    int whole = dim - dim % LANES;
    for (int i = 0; i < whole; i += LANES) {
        for (int r = 0; r < ROWS && n_queries > 1; r++)
            __builtin_prefetch((const char *)((uintptr_t)(rows[r] + i) + AHEAD * sizeof(float) * (size_t)dim));
        for (int q = 0; q < n_queries; q++)
            for (int r = 0; r < ROWS; r++)
                sums[r][q] += *(const lanes *)(rows[r] + i) * *(const lanes *)(queries[q] + i);
    }
    for (int r = 0; r < ROWS; r++)
        for (int q = 0; q < n_queries; q++) {
            float sum = add_up(sums[r][q]);
            for (int i = whole; i < dim; i++)
                sum += rows[r][i] * queries[q][i];
            out[r][q] = sum;
        }
}

CS_CLONES static void tile_one(const float *const *rows, const float *const *queries, int dim, float (*out)[QUERIES]) {
    tile(rows, queries, 1, dim, out);
}

CS_CLONES static void tile_all(const float *const *rows, const float *const *queries, int dim, float (*out)[QUERIES]) {
    tile(rows, queries, QUERIES, dim, out);
}

/* The products of up to ROWS rows with all queries. Where there are fewer rows or queries than a tile has, the first
 * stands in for those that are missing. */
static void rows_at(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out) {
    const float *row[ROWS], *query[QUERIES];
    float products[ROWS][QUERIES];
    for (size_t r = 0; r < ROWS; r++)
        row[r] = rows + (r < n_rows ? r : 0) * (size_t)dim;
    for (size_t first = 0; first < n_queries; first += QUERIES) {
        size_t some = n_queries - first < QUERIES ? n_queries - first : QUERIES;
        for (size_t q = 0; q < QUERIES; q++)
            query[q] = queries + (first + (q < some ? q : 0)) * (size_t)dim;
        (some == 1 ? tile_one : tile_all)(row, query, dim, products);
        for (size_t r = 0; r < n_rows; r++)
            for (size_t q = 0; q < some; q++)
                out[r * n_queries + first + q] = products[r][q];
    }
}

void cs_dots(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out) {
    for (size_t r = 0; r < n_rows; r += ROWS) {
        size_t some = n_rows - r < ROWS ? n_rows - r : ROWS;
        rows_at(rows + r * (size_t)dim, some, queries, n_queries, dim, out + r * n_queries);
    }
}

#include "store/dots.h"

#include "base/simd.h"

/* Eight sums side by side, wherever the floats lie. */
typedef float lanes __attribute__((vector_size(32), aligned(4), may_alias));

enum { LANES = 8, ROWS = 4, QUERIES = 2 };

static inline __attribute__((always_inline)) float add_up(lanes v) {
    return ((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7]));
}

/* A tile of rows and queries, whose sums stay in registers. Every product is summed in the same order, whatever the
 * tile: eight lanes, then what is left of the row, one by one. */
static inline __attribute__((always_inline)) void
tile(const float *const *rows, int n_rows, const float *const *queries, int n_queries, int dim, float (*out)[QUERIES]) {
    lanes sums[ROWS][QUERIES] = {{{0}}};
    int whole = dim - dim % LANES;
    for (int i = 0; i < whole; i += LANES)
        for (int q = 0; q < n_queries; q++)
            for (int r = 0; r < n_rows; r++)
                sums[r][q] += *(const lanes *)(rows[r] + i) * *(const lanes *)(queries[q] + i);
    for (int r = 0; r < n_rows; r++)
        for (int q = 0; q < n_queries; q++) {
            float sum = add_up(sums[r][q]);
            for (int i = whole; i < dim; i++)
                sum += rows[r][i] * queries[q][i];
            out[r][q] = sum;
        }
}

CS_CLONES static void tile_one(const float *const *rows, const float *const *queries, int dim, float (*out)[QUERIES]) {
    tile(rows, ROWS, queries, 1, dim, out);
}

CS_CLONES static void tile_two(const float *const *rows, const float *const *queries, int dim, float (*out)[QUERIES]) {
    tile(rows, ROWS, queries, QUERIES, dim, out);
}

/* The products of up to ROWS rows with all queries. A row that is missing is stood for by the first. */
static void rows_at(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out) {
    const float *row[ROWS];
    float products[ROWS][QUERIES];
    for (size_t r = 0; r < ROWS; r++)
        row[r] = rows + (r < n_rows ? r : 0) * (size_t)dim;
    for (size_t q = 0; q < n_queries; q += QUERIES) {
        const float *query[QUERIES] = {queries + q * (size_t)dim, queries + (q + 1) * (size_t)dim};
        size_t some = n_queries - q < QUERIES ? n_queries - q : QUERIES;
        (some == 1 ? tile_one : tile_two)(row, query, dim, products);
        for (size_t r = 0; r < n_rows; r++)
            for (size_t k = 0; k < some; k++)
                out[r * n_queries + q + k] = products[r][k];
    }
}

void cs_dots(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out) {
    for (size_t r = 0; r < n_rows; r += ROWS) {
        size_t some = n_rows - r < ROWS ? n_rows - r : ROWS;
        rows_at(rows + r * (size_t)dim, some, queries, n_queries, dim, out + r * n_queries);
    }
}

#include "store/dots.h"

static float dot(const float *a, const float *b, int dim) {
    double sum = 0;
    for (int i = 0; i < dim; i++)
        sum += (double)a[i] * (double)b[i];
    return (float)sum;
}

void cs_dots_reference(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out) {
    for (size_t r = 0; r < n_rows; r++)
        for (size_t q = 0; q < n_queries; q++)
            out[r * n_queries + q] = dot(rows + r * (size_t)dim, queries + q * (size_t)dim, dim);
}

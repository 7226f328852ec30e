/* Products and sums of matrices as their definitions read. */
#include <math.h>
#include <string.h>

#include "nn/macs.h"
#include "nn/reference/reference.h"

cs_status cs_reference_product(cs_nn *nn, const cs_product *size, const float *a, const float *b, float *y,
                               cs_error *error) {
    (void)error;
    nn->macs += cs_product_macs(size);
    size_t inner = (size_t)size->inner, cols = (size_t)size->cols;
    for (size_t r = 0; r < (size_t)size->rows; r++) {
        for (size_t c = 0; c < cols; c++) {
            double sum = 0;
            for (size_t i = 0; i < inner; i++)
                sum += (double)a[r * inner + i] * (size->transposed ? b[c * inner + i] : b[i * cols + c]);
            float *out = y + r * cols + c;
            *out = (float)(size->alpha * sum + (size->beta != 0 ? (double)size->beta * *out : 0));
        }
    }
    return CS_OK;
}

cs_status cs_reference_blend(cs_nn *nn, const cs_blend *size, const float *x, float *y, cs_error *error) {
    (void)nn, (void)error;
    size_t width = (size_t)size->width;
    for (size_t r = 0; r < (size_t)size->rows; r++) {
        const float *row = x + (size->x_rows == 1 ? 0 : r * width);
        for (size_t i = 0; i < width; i++)
            y[r * width + i] = size->factor * row[i] + (size->keep != 0 ? size->keep * y[r * width + i] : 0);
    }
    return CS_OK;
}

cs_status cs_reference_unit_rows(cs_nn *nn, int rows, int width, float *x, cs_error *error) {
    (void)nn, (void)error;
    for (int r = 0; r < rows; r++) {
        float *row = x + (size_t)r * (size_t)width;
        double squares = 0;
        for (int i = 0; i < width; i++)
            squares += (double)row[i] * row[i];
        if (squares == 0) continue;
        for (int i = 0; i < width; i++)
            row[i] = (float)(row[i] / sqrt(squares));
    }
    return CS_OK;
}

cs_status cs_reference_take(cs_nn *nn, int rows, int stride, int first, int width, const float *x, float *y,
                            cs_error *error) {
    (void)nn, (void)error;
    for (int r = 0; r < rows; r++)
        memcpy(y + (size_t)r * (size_t)width, x + (size_t)r * (size_t)stride + (size_t)first,
               (size_t)width * sizeof *y);
    return CS_OK;
}

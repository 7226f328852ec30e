/* Products and sums of matrices. */
#include <math.h>
#include <string.h>

#include "base/simd.h"
#include "nn/macs.h"
#include "nn/onednn/onednn.h"

cs_status cs_cpu_product(cs_nn *nn, const cs_product *size, const float *a, const float *b, float *y, cs_error *error) {
    nn->macs += cs_product_macs(size);
    int saved = cs_onednn_enter(nn);
    dnnl_status_t status =
        dnnl_sgemm('N', size->transposed ? 'T' : 'N', size->rows, size->cols, size->inner, size->alpha, a, size->inner,
                   b, size->transposed ? size->inner : size->cols, size->beta, y, size->cols);
    cs_onednn_leave(saved);
    return status == dnnl_success ? CS_OK : cs_onednn_fail(error, status, "a matrix product");
}

CS_CLONES static void blend_row(int width, float keep, float factor, const float *x, float *y) {
    for (int i = 0; i < width; i++)
        y[i] = keep * y[i] + factor * x[i];
}

CS_CLONES static void scale_into(int width, float factor, const float *x, float *y) {
    for (int i = 0; i < width; i++)
        y[i] = factor * x[i];
}

cs_status cs_cpu_blend(cs_nn *nn, const cs_blend *size, const float *x, float *y, cs_error *error) {
    (void)error;
    size_t width = (size_t)size->width;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int r = 0; r < size->rows; r++) {
        const float *row = x + (size->x_rows == 1 ? 0 : (size_t)r * width);
        if (size->keep != 0) {
            blend_row(size->width, size->keep, size->factor, row, y + (size_t)r * width);
        } else {
            scale_into(size->width, size->factor, row, y + (size_t)r * width);
        }
    }
    return CS_OK;
}

CS_CLONES static void unit_row(int width, float *x) {
    float squares = 0;
#pragma omp simd reduction(+ : squares)
    for (int i = 0; i < width; i++)
        squares += x[i] * x[i];
    if (squares == 0) return;
    float scale = 1.0f / sqrtf(squares);
    for (int i = 0; i < width; i++)
        x[i] *= scale;
}

cs_status cs_cpu_unit_rows(cs_nn *nn, int rows, int width, float *x, cs_error *error) {
    (void)error;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int r = 0; r < rows; r++)
        unit_row(width, x + (size_t)r * (size_t)width);
    return CS_OK;
}

cs_status cs_cpu_take(cs_nn *nn, int rows, int stride, int first, int width, const float *x, float *y,
                      cs_error *error) {
    (void)error;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int r = 0; r < rows; r++)
        memcpy(y + (size_t)r * (size_t)width, x + (size_t)r * (size_t)stride + (size_t)first,
               (size_t)width * sizeof *y);
    return CS_OK;
}

/* Operations on rows: layer normalisation and softmax. */
#include <math.h>

#include "base/simd.h"
#include "nn/onednn/onednn.h"
#include "nn/onednn/vector_exp.h"

CS_CLONES static void normalise_row(int width, float epsilon, const float *gain, const float *bias, const float *x,
                                    float *y) {
    float sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < width; i++)
        sum += x[i];
    float mean = sum / (float)width;
    /* two passes: squares of differences keep the digits that a difference of squares loses */
#pragma omp simd reduction(+ : squares)
    for (int i = 0; i < width; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    float scale = 1.0f / sqrtf(squares / (float)width + epsilon);
    for (int i = 0; i < width; i++)
        y[i] = (x[i] - mean) * scale * gain[i] + bias[i];
}

cs_status cs_cpu_layer_norm(cs_nn *nn, int rows, int width, float epsilon, const float *gain, const float *bias,
                            const float *x, float *y, cs_error *error) {
    (void)error;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int r = 0; r < rows; r++)
        normalise_row(width, epsilon, gain, bias, x + (size_t)r * (size_t)width, y + (size_t)r * (size_t)width);
    return CS_OK;
}

CS_CLONES static void softmax_row(int width, float *x) {
    float highest = x[0], sum = 0;
#pragma omp simd reduction(max : highest)
    for (int i = 0; i < width; i++)
        highest = x[i] > highest ? x[i] : highest;
#pragma omp simd reduction(+ : sum)
    for (int i = 0; i < width; i++) {
        x[i] = cs_exp_negative(x[i] - highest);
        sum += x[i];
    }
    float scale = 1.0f / sum;
    for (int i = 0; i < width; i++)
        x[i] *= scale;
}

cs_status cs_cpu_softmax(cs_nn *nn, int rows, int width, float *x, cs_error *error) {
    (void)error;
#pragma omp parallel for num_threads(nn->threads) schedule(static)
    for (int r = 0; r < rows; r++)
        softmax_row(width, x + (size_t)r * (size_t)width);
    return CS_OK;
}

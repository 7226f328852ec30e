/* Maps become sequences of tokens and back, and maps become smaller. */
#include <string.h>

#include "nn/reference/reference.h"

cs_status cs_reference_mean_pool(cs_nn *nn, int n, int height, int width, int channels, int side, const float *x,
                                 float *y, cs_error *error) {
    (void)nn, (void)error;
    for (int i = 0; i < n; i++) {
        for (int row = 0; row < height / side; row++) {
            for (int col = 0; col < width / side; col++) {
                for (int c = 0; c < channels; c++) {
                    double sum = 0;
                    for (int r = row * side; r < (row + 1) * side; r++)
                        for (int k = col * side; k < (col + 1) * side; k++)
                            sum += x[(((size_t)i * (size_t)height + (size_t)r) * (size_t)width + (size_t)k) *
                                         (size_t)channels +
                                     (size_t)c];
                    *y++ = (float)(sum / (side * side));
                }
            }
        }
    }
    return CS_OK;
}

cs_status cs_reference_assemble(cs_nn *nn, int n, int count, int width, const float *cells, const float *first,
                                int per_sequence, const float *positions, float *y, cs_error *error) {
    (void)nn, (void)error;
    for (int i = 0; i < n; i++) {
        for (int t = 0; t <= count; t++) {
            const float *token = t > 0 ? cells + ((size_t)i * (size_t)count + (size_t)(t - 1)) * (size_t)width
                                       : first + (per_sequence ? (size_t)i * (size_t)width : 0);
            for (int c = 0; c < width; c++)
                *y++ = token[c] + positions[(size_t)t * (size_t)width + (size_t)c];
        }
    }
    return CS_OK;
}

cs_status cs_reference_take_first(cs_nn *nn, int n, int tokens, int width, const float *x, float *y, cs_error *error) {
    (void)nn, (void)error;
    for (int i = 0; i < n; i++)
        memcpy(y + (size_t)i * (size_t)width, x + (size_t)i * (size_t)tokens * (size_t)width,
               (size_t)width * sizeof *y);
    return CS_OK;
}

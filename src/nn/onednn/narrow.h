/* Inputs and weights of layers in less than f32. */
#ifndef CS_NN_ONEDNN_NARROW_H
#define CS_NN_ONEDNN_NARROW_H

#include "nn/onednn/onednn.h"

/* count values of x to bf16. */
void cs_cpu_to_bf16(const cs_nn *nn, size_t count, const float *x, uint16_t *out);

/* x [rows, width] to whole numbers times a common step (nn/narrow.h). far: [rows], set where a row holds values beyond
 * the limit. Returns the step; *any is set if any row is far. */
float cs_cpu_to_int8(const cs_nn *nn, int rows, int width, const float *x, int8_t *out, uint8_t *far, int *any);

/* Adds what cs_cpu_to_int8() split off, times the weights. columns: [width, out], the weights' whole numbers, an input
 * after the other; steps: [out]. y: [rows, out]. */
typedef struct cs_split {
    int rows, width, out;
    float step; /* of x */
    const uint8_t *far;
    const int8_t *columns;
    const float *steps;
} cs_split;

void cs_cpu_add_split(const cs_nn *nn, const cs_split *split, const float *x, float *y);

#endif

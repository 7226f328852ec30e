/* exp() that compilers vectorise. */
#ifndef CS_NN_VECTOR_EXP_H
#define CS_NN_VECTOR_EXP_H

#include <stdint.h>
#include <string.h>

/* exp(x) for x <= 0 within 2 units in the last place; below -87 it gives 0 (the true value is under the smallest normal
 * float). exp(x) = 2^k exp(r), k = round(x / ln 2), |r| <= ln(2) / 2; exp(r) by its Taylor polynomial of degree 7,
 * whose remainder there is below 2^-26. ln 2 is split in two, so that r keeps its low bits. */
static inline float cs_exp_negative(float x) {
    float clamped = x < -87.0f ? -87.0f : x;
    float shifted = clamped * 1.44269504f + 12582912.0f; /* 1.5 * 2^23: rounds to an integer in the low bits */
    float k = shifted - 12582912.0f;
    float r = clamped - k * 0.693145752f;
    r = r - k * 1.42860677e-6f;
    float p = 1.98412698e-4f;
    p = p * r + 1.38888889e-3f;
    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    int32_t bits = ((int32_t)k + 127) << 23;
    float scale;
    memcpy(&scale, &bits, sizeof scale);
    return x < -87.0f ? 0.0f : p * scale;
}

#endif

/* How numbers are made narrower where a layer may be computed in less than f32: definitions that all backends share.
 *
 * bf16: the upper half of an f32, rounded to nearest, ties to even.
 *
 * int8 (layers with a kernel of 1; others take bf16): a value is `step` times a whole number from -127 to 127. Each
 * output of a layer has a step of its own for its weights: the largest magnitude becomes 127. Inputs have one step per
 * run, since oneDNN has no fast code for one per row. A few inputs of a transformer are far larger than all others and
 * would make that step too coarse: what exceeds `limit`, twelve times the mean magnitude, is left out of the product as
 * far as it exceeds it, and multiplied apart. Source: Dettmers et al., "LLM.int8(): 8-bit Matrix Multiplication for
 * Transformers at Scale" (2022), which splits by columns; here single values are split off, which needs no threshold
 * for a column to become one. */
#ifndef CS_NN_NARROW_H
#define CS_NN_NARROW_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "nn/nn.h"

enum { CS_INT8_MOST = 127 };

/* What a layer of this tolerance is computed in where the backend was opened with `wanted`. */
static inline cs_precision cs_tolerated(cs_precision wanted, cs_tolerance tolerance) {
    if (tolerance == CS_TOLERATES_NONE) return CS_PRECISION_FP32;
    return wanted == CS_PRECISION_INT8 && tolerance == CS_TOLERATES_BF16 ? CS_PRECISION_BF16 : wanted;
}

static inline uint16_t cs_to_bf16(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

static inline float cs_from_bf16(uint16_t half) {
    uint32_t bits = (uint32_t)half << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* The nearest whole number, ties to even; |value| < 2^22. */
static inline float cs_nearest(float value) {
    const float magic = 12582912.0f; /* 1.5 * 2^23: adding it leaves no room for a fraction */
    return (value + magic) - magic;
}

/* Largest magnitude that the product takes, for inputs with this largest magnitude and sum of magnitudes. Rounded, so
 * that the order in which threads add up does not show. */
static inline float cs_int8_limit(float largest, double sum, size_t count) {
    float usual = cs_from_bf16(cs_to_bf16((float)(12 * sum / (double)count)));
    return largest < usual ? largest : usual;
}

/* Of whole numbers up to CS_INT8_MOST; 1 where all is zero. */
static inline float cs_int8_step(float limit) {
    return limit > 0 ? limit / CS_INT8_MOST : 1;
}

/* A value in steps; inverse: 1 / step. */
static inline float cs_int8_whole(float value, float inverse) {
    return cs_nearest(value * inverse);
}

#endif

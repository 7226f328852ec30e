/* 16-bit floating-point numbers, as they lie in checkpoints, to f32. */
#ifndef CS_MODEL_HALF_H
#define CS_MODEL_HALF_H

#include <stddef.h>
#include <stdint.h>

/* IEEE 754 binary16: sign, 5 exponent bits, 10 fraction bits. Exact; a signalling NaN becomes quiet. This is the
 * definition that the fast conversion must meet bit for bit. */
float cs_half_to_float(uint16_t half);

/* bfloat16: the upper half of an f32. */
float cs_bfloat_to_float(uint16_t bfloat);

/* Converts n numbers; `from` [n] may be unaligned. Little-endian, as in safetensors. */
void cs_halves_to_floats(const void *from, size_t n, float *to);
void cs_bfloats_to_floats(const void *from, size_t n, float *to);

/* The same as cs_halves_to_floats() through the definition alone: what processors without F16C use. */
void cs_halves_to_floats_plain(const void *from, size_t n, float *to);

#endif

#include "model/half.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

static float from_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* A subnormal half is fraction * 2^-24, which every f32 product of that kind gives exactly. */
static float subnormal(uint32_t sign, uint32_t fraction) {
    float magnitude = (float)fraction * 0x1p-24f;
    return sign ? -magnitude : magnitude;
}

float cs_half_to_float(uint16_t half) {
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> 10 & 0x1f, fraction = half & 0x3ff;
    if (exponent == 0) return subnormal(sign, fraction);
    if (exponent == 0x1f) {
        uint32_t quiet = fraction ? 0x400000 : 0;
        return from_bits(sign | 0x7f800000 | quiet | fraction << 13);
    }
    return from_bits(sign | (exponent + 127 - 15) << 23 | fraction << 13);
}

float cs_bfloat_to_float(uint16_t bfloat) {
    return from_bits((uint32_t)bfloat << 16);
}

/* The i-th 16-bit number of possibly unaligned memory. */
static uint16_t load(const uint8_t *from, size_t i) {
    uint16_t value;
    memcpy(&value, from + i * sizeof value, sizeof value);
    return value;
}

void cs_halves_to_floats_plain(const void *from, size_t n, float *to) {
    for (size_t i = 0; i < n; i++)
        to[i] = cs_half_to_float(load(from, i));
}

void cs_bfloats_to_floats(const void *from, size_t n, float *to) {
    for (size_t i = 0; i < n; i++)
        to[i] = cs_bfloat_to_float(load(from, i));
}

#if defined(__x86_64__)

/* clang 14 does not know "f16c" in __builtin_cpu_supports(); "avx" also says that the system saves the wide registers.
 */
static int has_f16c(void) {
    unsigned a, b, c = 0, d;
    return __builtin_cpu_supports("avx") && __get_cpuid(1, &a, &b, &c, &d) && (c & bit_F16C);
}

/* Converts the part of n that fills whole registers, and says how many numbers that were. */
__attribute__((target("avx,f16c"))) static size_t convert_f16c(const uint8_t *from, size_t n, float *to) {
    size_t i = 0;
    for (; n - i >= 8; i += 8) {
        __m128i halves;
        memcpy(&halves, from + 2 * i, sizeof halves);
        _mm256_storeu_ps(to + i, _mm256_cvtph_ps(halves));
    }
    return i;
}

#else

static int has_f16c(void) {
    return 0;
}

static size_t convert_f16c(const uint8_t *from, size_t n, float *to) {
    (void)from, (void)n, (void)to;
    return 0;
}

#endif

void cs_halves_to_floats(const void *from, size_t n, float *to) {
    const uint8_t *bytes = from;
    size_t done = n >= 8 && has_f16c() ? convert_f16c(bytes, n, to) : 0;
    cs_halves_to_floats_plain(bytes + 2 * done, n - done, to + done);
}

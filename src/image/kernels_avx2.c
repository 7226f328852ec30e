#include "image/kernels.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

/* The sums of one row's output pixel: eight 32-bit numbers {R, G, B, -} of taps 0 and 1, then of taps 2 and 3. */
typedef struct sums {
    __m256i high, low;
} sums;

/* Four pixels as 16-bit numbers, in the order that the multiplication pairs them: R0 R1 G0 G1 B0 B1 0 0, and the same
 * of pixels 2 and 3. Reads 16 bytes. */
AVX2 static inline __attribute__((always_inline)) __m256i four_pixels(const uint8_t *pixels) {
    const __m128i order = _mm_setr_epi8(0, 3, 1, 4, 2, 5, -1, -1, 6, 9, 7, 10, 8, 11, -1, -1);
    return _mm256_cvtepu8_epi16(_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)pixels), order));
}

/* Writes the pixel, and a zero byte behind it. */
AVX2 static inline __attribute__((always_inline)) void store_pixel(sums s, uint8_t *out) {
    __m256i both = _mm256_add_epi32(_mm256_slli_epi32(s.high, 11), s.low);
    __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(both), _mm256_extracti128_si256(both, 1));
    sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(CS_WEIGHT_HALF)), CS_WEIGHT_BITS);
    sum = _mm_packs_epi32(sum, sum);
    int pixel = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
    memcpy(out, &pixel, 4);
}

/* `n` is a constant at each call, so that the inner loops unroll and the sums stay in registers. */
AVX2 static inline __attribute__((always_inline)) void across(const cs_row_filter *filter, const uint8_t *const *rows,
                                                              uint8_t *const *out, int n) {
    const __m256i spread_high = _mm256_setr_epi32(0, 0, 0, 0, 1, 1, 1, 1);
    const __m256i spread_low = _mm256_setr_epi32(2, 2, 2, 2, 3, 3, 3, 3);
    const int32_t *packed = filter->packed;
    for (int x = 0; x < filter->vectorable; x++) {
        size_t at = (size_t)filter->taps.first[x] * 3;
        sums s[CS_ROWS_AT_ONCE];
        for (int i = 0; i < n; i++)
            s[i] = (sums){_mm256_setzero_si256(), _mm256_setzero_si256()};
        for (int f = 0; f < filter->fours; f++, at += 12, packed += 4) {
            __m256i weights = _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)packed));
            __m256i high = _mm256_permutevar8x32_epi32(weights, spread_high);
            __m256i low = _mm256_permutevar8x32_epi32(weights, spread_low);
            for (int i = 0; i < n; i++) {
                __m256i pixels = four_pixels(rows[i] + at);
                s[i].high = _mm256_add_epi32(s[i].high, _mm256_madd_epi16(pixels, high));
                s[i].low = _mm256_add_epi32(s[i].low, _mm256_madd_epi16(pixels, low));
            }
        }
        for (int i = 0; i < n; i++)
            store_pixel(s[i], out[i] + (size_t)x * 3);
    }
    for (int i = 0; i < n; i++)
        cs_across_plain_from(&filter->taps, filter->vectorable, rows[i], out[i]);
}

AVX2 static void across_avx2(const cs_row_filter *filter, const uint8_t *const *rows, uint8_t *const *out, int n) {
    if (n == CS_ROWS_AT_ONCE) {
        across(filter, rows, out, CS_ROWS_AT_ONCE);
        return;
    }
    for (int i = 0; i < n; i++)
        across(filter, rows + i, out + i, 1);
}

AVX2 static inline __attribute__((always_inline)) __m256i add_eight(__m256i sum, const uint8_t *samples,
                                                                    __m256i weight) {
    __m256i wide = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)samples));
    return _mm256_add_epi32(sum, _mm256_mullo_epi32(wide, weight));
}

AVX2 static inline __attribute__((always_inline)) void store_32(const __m256i sum[4], uint8_t *out) {
    __m256i v[4];
    for (int i = 0; i < 4; i++)
        v[i] = _mm256_srai_epi32(sum[i], CS_WEIGHT_BITS);
    /* Packing works within 128-bit halves; the permutation puts the groups of four back in order. */
    __m256i bytes = _mm256_packus_epi16(_mm256_packs_epi32(v[0], v[1]), _mm256_packs_epi32(v[2], v[3]));
    bytes = _mm256_permutevar8x32_epi32(bytes, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
    _mm256_storeu_si256((__m256i *)out, bytes);
}

AVX2 static void down_avx2(const uint8_t *const *rows, const int32_t *weights, int count, size_t bytes, uint8_t *out) {
    size_t at = 0;
    for (; at + 32 <= bytes; at += 32) {
        __m256i half = _mm256_set1_epi32(CS_WEIGHT_HALF), sum[4] = {half, half, half, half};
        for (int k = 0; k < count; k++) {
            __m256i weight = _mm256_set1_epi32(weights[k]);
            for (int i = 0; i < 4; i++)
                sum[i] = add_eight(sum[i], rows[k] + at + 8 * i, weight);
        }
        store_32(sum, out + at);
    }
    for (; at < bytes; at++) {
        int32_t sum = CS_WEIGHT_HALF;
        for (int k = 0; k < count; k++)
            sum += rows[k][at] * weights[k];
        out[at] = cs_sample_from_sum(sum);
    }
}

cs_kernels cs_kernels_best(void) {
    if (!__builtin_cpu_supports("avx2")) return cs_kernels_plain();
    return (cs_kernels){across_avx2, down_avx2, 1};
}

#else

cs_kernels cs_kernels_best(void) {
    return cs_kernels_plain();
}

#endif

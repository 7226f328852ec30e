#include "base/peak_kernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* One sum's step. The empty instruction makes the compiler believe that x is another one each time; integer products of
 * the same x and y would be taken out of the loop. REGISTER says where an x can be. */
#define ADVANCE(SUM, REGISTER, STEP)                                                                                   \
    __asm__ volatile("" : "+" REGISTER(x));                                                                            \
    (SUM) = STEP(SUM);

/* The sums are variables with names of their own: an array might be kept in memory. STEP sees x, y and one. */
#define PEAK_LOOP(NAME, TYPE, REGISTER, START, STEP)                                                                   \
    float NAME(long rounds) {                                                                                          \
        TYPE x = START(0), y = START(1), one = START(1);                                                               \
        TYPE a = START(2), b = START(3), c = START(4), d = START(5), e = START(6), f = START(7);                       \
        TYPE g = START(8), h = START(9), i = START(10), j = START(11), k = START(12), l = START(13);                   \
        for (long r = 0; r < rounds; r++) {                                                                            \
            ADVANCE(a, REGISTER, STEP)                                                                                 \
            ADVANCE(b, REGISTER, STEP)                                                                                 \
            ADVANCE(c, REGISTER, STEP)                                                                                 \
            ADVANCE(d, REGISTER, STEP)                                                                                 \
            ADVANCE(e, REGISTER, STEP)                                                                                 \
            ADVANCE(f, REGISTER, STEP)                                                                                 \
            ADVANCE(g, REGISTER, STEP)                                                                                 \
            ADVANCE(h, REGISTER, STEP)                                                                                 \
            ADVANCE(i, REGISTER, STEP)                                                                                 \
            ADVANCE(j, REGISTER, STEP)                                                                                 \
            ADVANCE(k, REGISTER, STEP)                                                                                 \
            ADVANCE(l, REGISTER, STEP)                                                                                 \
        }                                                                                                              \
        TYPE all = (a + b + c + d + e + f) + (g + h + i + j + k + l);                                                  \
        float first;                                                                                                   \
        (void)one;                                                                                                     \
        memcpy(&first, &all, sizeof first);                                                                            \
        return first;                                                                                                  \
    }

/* Sums of floats stay small: s = s / 2 + y. */
#define FACTOR(N) ((N) == 0 ? 0.5f : (float)(N))

#if defined(__x86_64__)
#define PLAIN_REGISTER "x"
#elif defined(__aarch64__)
#define PLAIN_REGISTER "w"
#else
#define PLAIN_REGISTER "m"
#endif

/* What any compiler of this kind makes of 16 bytes. */
typedef float floats __attribute__((vector_size(16)));
typedef unsigned short shorts __attribute__((vector_size(16)));

#define START_FLOATS(N) ((floats){FACTOR(N), FACTOR(N), FACTOR(N), FACTOR(N)})
#define START_SHORTS(N) ((shorts){N, N, N, N, N, N, N, N})
#define STEP_PLAIN(SUM) ((SUM)*x + y)
PEAK_LOOP(cs_peak_fp32_plain, floats, PLAIN_REGISTER, START_FLOATS, STEP_PLAIN)
PEAK_LOOP(cs_peak_int8_plain, shorts, PLAIN_REGISTER, START_SHORTS, STEP_PLAIN)

#if defined(__x86_64__)

#define START_PS256(N) _mm256_set1_ps(FACTOR(N))
#define STEP_FMA256(SUM) _mm256_fmadd_ps(SUM, x, y)
__attribute__((target("avx2,fma"))) PEAK_LOOP(cs_peak_fp32_fma, __m256, "x", START_PS256, STEP_FMA256)

#define START_PS512(N) _mm512_set1_ps(FACTOR(N))
#define STEP_FMA512(SUM) _mm512_fmadd_ps(SUM, x, y)
    __attribute__((target("avx512f"))) PEAK_LOOP(cs_peak_fp32_avx512, __m512, "v", START_PS512, STEP_FMA512)

/* The pairs of bf16 numbers are the bits of whatever floats the registers hold. */
#define STEP_BF16(SUM) _mm512_dpbf16_ps(SUM, (__m512bh)x, (__m512bh)y)
        __attribute__((target("avx512f,avx512bf16")))
        PEAK_LOOP(cs_peak_bf16_avx512, __m512, "v", START_PS512, STEP_BF16)

/* Without an instruction of its own a product of bytes takes three. */
#define START_BYTES256(N) _mm256_set1_epi16(N)
#define STEP_BYTES256(SUM) _mm256_add_epi32(SUM, _mm256_madd_epi16(_mm256_maddubs_epi16(x, y), one))
            __attribute__((target("avx2"))) PEAK_LOOP(cs_peak_int8_avx2, __m256i, "x", START_BYTES256, STEP_BYTES256)

#define STEP_VNNI256(SUM) _mm256_dpbusd_avx_epi32(SUM, x, y)
                __attribute__((target("avx2,avxvnni")))
                PEAK_LOOP(cs_peak_int8_avx_vnni, __m256i, "x", START_BYTES256, STEP_VNNI256)

#define START_BYTES512(N) _mm512_set1_epi16(N)
#define STEP_BYTES512(SUM) _mm512_add_epi32(SUM, _mm512_madd_epi16(_mm512_maddubs_epi16(x, y), one))
                    __attribute__((target("avx512f,avx512bw")))
                    PEAK_LOOP(cs_peak_int8_avx512, __m512i, "v", START_BYTES512, STEP_BYTES512)

#define STEP_VNNI512(SUM) _mm512_dpbusd_epi32(SUM, x, y)
                        __attribute__((target("avx512f,avx512bw,avx512vnni")))
                        PEAK_LOOP(cs_peak_int8_avx512_vnni, __m512i, "v", START_BYTES512, STEP_VNNI512)

#endif

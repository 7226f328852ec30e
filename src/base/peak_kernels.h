/* The loops of the peak test. Each keeps twelve sums: an instruction's result is there some four cycles later, and two
 * can start in a cycle, so that eight have to be under way at any time. What a loop returns depends on all of its sums,
 * and means nothing. */
#ifndef CS_BASE_PEAK_KERNELS_H
#define CS_BASE_PEAK_KERNELS_H

enum { CS_PEAK_SUMS = 12 };

float cs_peak_fp32_plain(long rounds); /* 4 multiply-adds per sum and round */
float cs_peak_int8_plain(long rounds); /* 8, of 16 bits: there is nothing for 8 everywhere */

#if defined(__x86_64__)
float cs_peak_fp32_fma(long rounds);         /* 8 */
float cs_peak_fp32_avx512(long rounds);      /* 16 */
float cs_peak_bf16_avx512(long rounds);      /* 32 */
float cs_peak_int8_avx2(long rounds);        /* 32 */
float cs_peak_int8_avx_vnni(long rounds);    /* 32 */
float cs_peak_int8_avx512(long rounds);      /* 64 */
float cs_peak_int8_avx512_vnni(long rounds); /* 64 */
#endif

#endif

/* How many multiply-adds the processor can do when nothing but registers is touched. */
#ifndef CS_BASE_PEAK_H
#define CS_BASE_PEAK_H

#include "clipsight.h"

typedef struct cs_peak_kernel {
    cs_precision precision;
    int macs;                 /* multiply-adds in a round */
    const char *instructions; /* "avx512_vnni" */
    int (*is_there)(void);    /* whether the processor, and the system, can run it */
    float (*run)(long rounds);
} cs_peak_kernel;

/* The kernels, of each precision the fastest first; *count of them, whether the processor can run them or not. */
const cs_peak_kernel *cs_peak_kernels(int *count);

/* The fastest of a precision that the processor can run; NULL where there is none (bf16). */
const cs_peak_kernel *cs_peak_find(cs_precision precision);

#endif

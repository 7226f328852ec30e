#include "base/peak.h"

#include <omp.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/peak_kernels.h"
#include "base/threads.h"

#if defined(__x86_64__)
#include <cpuid.h>
#endif

/* A measurement is this long, and the best of so many: long enough for all threads to have come, short enough for one
 * of them to go undisturbed. */
static const double measured_seconds = 0.01;
enum { TRIES = 8 };

static int always(void) {
    return 1;
}

#if defined(__x86_64__)

/* Bits of leaf 7, second part, that not every compiler knows by name. They count only where the wide registers do,
 * which is what the system has a say in. */
enum { BIT_AVX_VNNI = 1 << 4, BIT_AVX512_BF16 = 1 << 5 };

static int has_extended(unsigned bit) {
    unsigned a = 0, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & bit);
}

static int has_avx512(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

static int has_avx512_vnni(void) {
    return has_avx512() && __builtin_cpu_supports("avx512vnni");
}

static int has_avx512_bf16(void) {
    return has_avx512() && has_extended(BIT_AVX512_BF16);
}

static int has_avx2(void) {
    return __builtin_cpu_supports("avx2");
}

static int has_fma(void) {
    return has_avx2() && __builtin_cpu_supports("fma");
}

static int has_avx_vnni(void) {
    return has_avx2() && has_extended(BIT_AVX_VNNI);
}

#endif

static const cs_peak_kernel kernels[] = {
#if defined(__x86_64__)
    {CS_PRECISION_FP32, CS_PEAK_SUMS * 16, "avx512f", has_avx512, cs_peak_fp32_avx512},
    {CS_PRECISION_FP32, CS_PEAK_SUMS * 8, "fma", has_fma, cs_peak_fp32_fma},
#endif
    {CS_PRECISION_FP32, CS_PEAK_SUMS * 4, "plain", always, cs_peak_fp32_plain},
#if defined(__x86_64__)
    {CS_PRECISION_BF16, CS_PEAK_SUMS * 32, "avx512_bf16", has_avx512_bf16, cs_peak_bf16_avx512},
    {CS_PRECISION_INT8, CS_PEAK_SUMS * 64, "avx512_vnni", has_avx512_vnni, cs_peak_int8_avx512_vnni},
    {CS_PRECISION_INT8, CS_PEAK_SUMS * 64, "avx512bw", has_avx512, cs_peak_int8_avx512},
    {CS_PRECISION_INT8, CS_PEAK_SUMS * 32, "avx_vnni", has_avx_vnni, cs_peak_int8_avx_vnni},
    {CS_PRECISION_INT8, CS_PEAK_SUMS * 32, "avx2", has_avx2, cs_peak_int8_avx2},
#endif
    {CS_PRECISION_INT8, CS_PEAK_SUMS * 8, "plain", always, cs_peak_int8_plain},
};

const cs_peak_kernel *cs_peak_kernels(int *count) {
    *count = (int)(sizeof kernels / sizeof *kernels);
    return kernels;
}

const cs_peak_kernel *cs_peak_find(cs_precision precision) {
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        if (kernels[i].precision == precision && kernels[i].is_there()) return &kernels[i];
    return NULL;
}

/* Seconds that the slowest thread takes. */
static double run_on_all(const cs_peak_kernel *kernel, int threads, long rounds) {
    double slowest = 0;
#pragma omp parallel num_threads(threads) reduction(max : slowest)
    {
#pragma omp barrier
        double start = cs_clock();
        volatile float result = kernel->run(rounds);
        (void)result;
        slowest = cs_clock() - start;
    }
    return slowest;
}

/* So many rounds that one thread takes about measured_seconds. */
static long choose_rounds(const cs_peak_kernel *kernel) {
    long rounds = 1 << 12;
    while (run_on_all(kernel, 1, rounds) < measured_seconds / 2 && rounds < 1L << 40)
        rounds *= 2;
    return rounds;
}

cs_status cs_machine_peak(cs_precision precision, int threads, cs_peak *peak, cs_error *error) {
    const cs_peak_kernel *kernel = cs_peak_find(precision);
    if ((unsigned)precision >= CS_PRECISION_AUTO)
        return cs_fail(error, CS_ERR_ARGUMENT, "precision %d: expected fp32, bf16 or int8", (int)precision);
    if (threads < 0) return cs_fail(error, CS_ERR_ARGUMENT, "threads: expected 0 or more, got %d", threads);
    if (!kernel) return cs_fail(error, CS_ERR_UNSUPPORTED, "this processor has no instructions for bf16 (AVX512_BF16)");
    int count = cs_threads_resolve(threads);
    long rounds = choose_rounds(kernel);
    double best = 0;
    for (int i = 0; i < TRIES; i++) {
        double seconds = run_on_all(kernel, count, rounds);
        if (best == 0 || seconds < best) best = seconds;
    }
    *peak = (cs_peak){2e-9 * kernel->macs * (double)rounds * count / best, kernel->instructions};
    return CS_OK;
}

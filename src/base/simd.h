/* Kernels that exist once per instruction set and are chosen at run time: no -march flag is ever needed. */
#ifndef CS_BASE_SIMD_H
#define CS_BASE_SIMD_H

/* The levels are named, not processors: a clone for a processor by name is never chosen on another maker's. A build
 * with CLIPSIGHT_MAX_ISA=avx2 leaves the highest out: the resolvers that pick a clone ask the processor alone, so that
 * a run cannot be told to do with less. Kernels that are picked otherwise have to look at CS_MAX_ISA_AVX2, too.
 *
 * Put before a function whose loops the compiler vectorises. The sanitizers cannot run the resolvers that pick a clone,
 * so their builds keep the plain one. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#if defined(CS_MAX_ISA_AVX2)
#define CS_CLONES __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define CS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#endif
#else
#define CS_CLONES
#endif

#endif

/* Kernels that exist once per instruction set and are chosen at run time: no -march flag is ever needed. */
#ifndef CS_BASE_SIMD_H
#define CS_BASE_SIMD_H

/* The levels are named, not processors: a clone for a processor by name is never chosen on another maker's.
 *
 * Put before a function whose loops the compiler vectorises. The sanitizers cannot run the resolvers that pick a clone,
 * so their builds keep the plain one. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) &&               \
    !defined(__SANITIZE_THREAD__)
#define CS_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CS_CLONES
#endif

#endif

/* Allocation with overflow checks. Everything is released with free(). */
#ifndef CS_BASE_ALLOC_H
#define CS_BASE_ALLOC_H

#include <stddef.h>

/* count * size bytes, uninitialised; NULL where the product overflows or memory is short. A request of zero bytes
 * gives a valid pointer, so that NULL always means failure. */
void *cs_alloc(size_t count, size_t size);

/* The same, filled with zeros. */
void *cs_alloc_zero(size_t count, size_t size);

/* Like realloc with a product; the old block stays valid on failure. */
void *cs_realloc(void *block, size_t count, size_t size);

/* Aligned to 64 bytes (a cache line and the widest vector register). Large blocks ask for huge pages: a network's maps
 * are written once each, and the system's work per page would be a good part of the time. */
void *cs_alloc_aligned(size_t count, size_t size);

/* Copies a string; NULL where memory is short. */
char *cs_strdup(const char *string);

/* *product = a * b; non-zero on overflow. */
int cs_mul_overflow(size_t a, size_t b, size_t *product);

#endif

#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "clipsight.h"

int cs_mul_overflow(size_t a, size_t b, size_t *product) {
    return __builtin_mul_overflow(a, b, product);
}

void *cs_alloc(size_t count, size_t size) {
    size_t bytes;
    if (cs_mul_overflow(count, size, &bytes)) return NULL;
    return malloc(bytes ? bytes : 1);
}

void *cs_alloc_zero(size_t count, size_t size) {
    return calloc(count ? count : 1, size ? size : 1);
}

void *cs_realloc(void *block, size_t count, size_t size) {
    size_t bytes;
    if (cs_mul_overflow(count, size, &bytes)) return NULL;
    return realloc(block, bytes ? bytes : 1);
}

/* Blocks of this size and more are worth the few pages that huge ones may waste. */
enum { LARGE = 8 << 20, HUGE_PAGE = 2 << 20 };

void *cs_alloc_aligned(size_t count, size_t size) {
    size_t bytes;
    if (cs_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - HUGE_PAGE) return NULL;
    size_t alignment = bytes >= LARGE ? HUGE_PAGE : 64;
    void *block = aligned_alloc(alignment, (bytes / alignment + 1) * alignment);
#ifdef MADV_HUGEPAGE
    /* a wish, not a need: where the system has no huge pages, it fails and nothing is lost */
    if (block && bytes >= LARGE) madvise(block, (bytes / alignment + 1) * alignment, MADV_HUGEPAGE);
#endif
    return block;
}

char *cs_strdup(const char *string) {
    size_t size = strlen(string) + 1;
    char *copy = malloc(size);
    if (copy) memcpy(copy, string, size);
    return copy;
}

void cs_string_free(char *string) {
    free(string);
}

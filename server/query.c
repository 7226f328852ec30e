#include "query.h"

#include <stdint.h>
#include <string.h>

/* The text lies in the library's buffer, and it looks no further than to the end that is put there. */
char *query_take(const char *uri, int *failed) {
    const char *question = uri ? strchr(uri, '?') : NULL;
    *failed = 0;
    if (!question) return NULL;
    char *copy = strdup(question + 1);
    *failed = !copy;
    ((char *)(uintptr_t)question)[1] = '\0';
    return copy;
}

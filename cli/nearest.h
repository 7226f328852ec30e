/* "Did you mean ...?" */
#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include <stddef.h>

typedef struct cli_nearest {
    const char *word;
    size_t length;
    size_t distance;  /* of the best so far; a worse one is no suggestion */
    const char *best; /* NULL: nothing is near */
} cli_nearest;

/* Starts a search for names near the first `length` bytes of `word`. */
cli_nearest nearest_to(const char *word, size_t length);

/* Keeps the candidate where it is nearer than those before. A name that the word abbreviates counts as near. */
void nearest_offer(cli_nearest *search, const char *candidate);

#endif

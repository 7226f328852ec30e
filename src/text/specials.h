/* Tokens that are matched literally, before the text is split. */
#ifndef CS_TEXT_SPECIALS_H
#define CS_TEXT_SPECIALS_H

#include "clipsight.h"

typedef struct cs_special {
    char *text; /* owned */
    size_t length;
    int32_t id;
} cs_special;

/* Start from zeros. */
typedef struct cs_specials {
    cs_special *items;
    size_t count;
    unsigned char first[256]; /* non-zero for bytes with which an item begins */
} cs_specials;

cs_status cs_specials_add(cs_specials *specials, const char *text, size_t length, int32_t id, cs_error *error);

/* The longest of the items that begin where the first one begins, at `from` or later; *at is its offset.
 * NULL where none follows. */
const cs_special *cs_specials_find(const cs_specials *specials, const char *text, size_t length, size_t from,
                                   size_t *at);

void cs_specials_free(cs_specials *specials);

#endif

/* Which pairs of tokens merge, how early, and into what. */
#ifndef CS_TEXT_MERGES_H
#define CS_TEXT_MERGES_H

#include "clipsight.h"

typedef struct cs_merge {
    int32_t left, right; /* ids */
    int32_t rank;        /* lower merges first */
    int32_t result;      /* id + 1; 0 marks a free slot */
} cs_merge;

/* An open-addressing hash table, at most half full. Start from zeros. */
typedef struct cs_merges {
    cs_merge *slots;
    size_t slot_count, count;
} cs_merges;

/* Of two entries for one pair the later one counts, as in the reference. */
cs_status cs_merges_put(cs_merges *merges, int32_t left, int32_t right, int32_t rank, int32_t result, cs_error *error);

/* The rank of a pair and the id that it merges into; 0 if it does not merge. */
int cs_merges_find(const cs_merges *merges, int32_t left, int32_t right, int32_t *rank, int32_t *result);

void cs_merges_free(cs_merges *merges);

#endif

/* Byte-pair encoding of one piece: the pair of lowest rank merges first, the leftmost among equals. */
#ifndef CS_TEXT_BPE_H
#define CS_TEXT_BPE_H

#include "text/merges.h"

typedef struct cs_symbol {
    int32_t id;             /* -1: merged into its left neighbour */
    int32_t previous, next; /* -1 at the ends */
} cs_symbol;

typedef struct cs_candidate {
    int32_t rank, left, result; /* `left` is the place of the left symbol */
} cs_candidate;

/* Work space that grows to the longest piece. Start from zeros. */
typedef struct cs_bpe {
    cs_symbol *symbols; /* [capacity] */
    cs_candidate *heap; /* [3 * capacity]: one per pair, and two more per merge */
    size_t capacity;    /* symbols that fit */
    size_t heap_count;
} cs_bpe;

/* Merges a piece of `length` bytes (at least 1). inner, last: the id of every byte [256] inside a word and at its
 * end. Afterwards walk the symbols from 0 by `next`. Takes O(length * log(length)). */
cs_status cs_bpe_merge(cs_bpe *bpe, const cs_merges *merges, const int32_t *inner, const int32_t *last,
                       const char *piece, size_t length, cs_error *error);

void cs_bpe_free(cs_bpe *bpe);

#endif

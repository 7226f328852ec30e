/* The photographs with the highest scores, while more and more are looked at. */
#ifndef CS_STORE_TOP_H
#define CS_STORE_TOP_H

#include <stddef.h>
#include <stdint.h>

/* A photograph that may be among them. */
typedef struct cs_candidate {
    float score;
    uint32_t row; /* its row that fits the first query best */
    int64_t id;
    float cosines[]; /* [queries] */
} cs_candidate;

/* The `most` best ones and all that are as good as the last of them: which of these stay is decided by their paths,
 * which are looked up for so few only. */
typedef struct cs_top {
    size_t most, queries, stride;
    char *items; /* [capacity] candidates, stride bytes each */
    size_t count, capacity;
    float least; /* lower scores need not be added any more; -INFINITY at first */
} cs_top;

void cs_top_init(cs_top *top, size_t most, size_t queries);
void cs_top_free(cs_top *top);

/* Adds a copy. A score that is not a number, and one that is too low, are passed over. Zero where memory is short. */
int cs_top_add(cs_top *top, const cs_candidate *candidate);

/* Adds all of `other`. */
int cs_top_merge(cs_top *top, const cs_top *other);

/* Drops what is not among the best, and sorts by falling score. */
void cs_top_settle(cs_top *top);

const cs_candidate *cs_top_get(const cs_top *top, size_t index);

#endif

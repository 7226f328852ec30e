/* The two inner loops of the resampler, in plain C and for AVX2. */
#ifndef CS_IMAGE_KERNELS_H
#define CS_IMAGE_KERNELS_H

#include "image/taps.h"

/* How many rows cs_kernels.across takes at once: the weights are then fetched once for all of them. */
enum { CS_ROWS_AT_ONCE = 4 };

/* The taps of a row and, for the vector loop, the same weights in another form.
 *
 * A vector instruction multiplies 16-bit numbers and adds neighbouring pairs, so a weight w is split into
 * w = 2048 * high + low with 0 <= low < 2048. Taps are taken in fours, and a four is stored as
 * {high of taps 0 and 1, high of 2 and 3, low of 0 and 1, low of 2 and 3}, two 16-bit numbers in each. */
typedef struct cs_row_filter {
    cs_taps taps;
    int fours;       /* groups of four taps per output */
    int vectorable;  /* outputs below this read no byte beyond the row and write none beyond the output's row */
    int32_t *packed; /* [outputs, fours, 4]; NULL where the plain loop is used */
} cs_row_filter;

typedef struct cs_kernels {
    /* Filters n <= CS_ROWS_AT_ONCE rows: rows[i] -> out[i], [inputs, 3] -> [outputs, 3]. */
    void (*across)(const cs_row_filter *filter, const uint8_t *const *rows, uint8_t *const *out, int n);

    /* Adds `count` rows of `bytes` samples up, weighted: -> out [bytes]. */
    void (*down)(const uint8_t *const *rows, const int32_t *weights, int count, size_t bytes, uint8_t *out);

    int packs_weights; /* `across` wants cs_row_filter.packed */
} cs_kernels;

cs_kernels cs_kernels_plain(void);

/* The fastest that this processor can run. */
cs_kernels cs_kernels_best(void);

/* Filters outputs from `from` on of one row. The vector loops leave the last few to it. */
void cs_across_plain_from(const cs_taps *taps, int from, const uint8_t *row, uint8_t *out);

cs_status cs_row_filter_create(int inputs, int outputs, cs_filter filter, int pack, cs_row_filter *made,
                               cs_error *error);
void cs_row_filter_free(cs_row_filter *filter);

#endif

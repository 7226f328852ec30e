/* Products of many rows with a few queries: the arithmetic of an exact search. */
#ifndef CS_STORE_DOTS_H
#define CS_STORE_DOTS_H

#include <stddef.h>

/* out[r, q] = rows[r] . queries[q]; rows: [n_rows, dim], queries: [n_queries, dim], out: [n_rows, n_queries]. A product
 * does not depend on which others are computed with it, nor on where they lie. */
void cs_dots(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out);

/* The same in plain C and in double: what cs_dots() is compared with. */
void cs_dots_reference(const float *rows, size_t n_rows, const float *queries, size_t n_queries, int dim, float *out);

#endif

/* The exact search: every row of a block with every query, the best row of each photograph, the best photographs. */
#ifndef CS_STORE_SCAN_H
#define CS_STORE_SCAN_H

#include "clipsight_tools.h"
#include "store/top.h"

/* What is searched for; read by all threads. */
typedef struct cs_scan {
    const cs_query *queries; /* [n] */
    size_t n;
    int dim;
    float *embeddings;     /* [n, dim]: the queries' side by side; owned */
    const uint8_t *wanted; /* a bit per id: photographs to look at; NULL: all */
    int64_t wanted_end;    /* ids from here on are not wanted */
} cs_scan;

cs_status cs_scan_init(cs_scan *scan, const cs_query *queries, size_t n, int dim, cs_error *error);
void cs_scan_clear(cs_scan *scan);

/* Whether the block has a photograph that is wanted. owners: [used]. */
int cs_scan_wants_any(const cs_scan *scan, const int64_t *owners, int used);

/* What one thread needs: the best photographs so far, and room that grows to the largest block. */
typedef struct cs_scan_worker {
    cs_top top;
    float *cosines; /* [rows, n] */
    size_t rows;
    cs_candidate *candidate;
} cs_scan_worker;

cs_status cs_scan_worker_init(cs_scan_worker *worker, const cs_scan *scan, const cs_search_options *options,
                              cs_error *error);
void cs_scan_worker_clear(cs_scan_worker *worker);

/* Looks at a block. owners: [used], the photographs' ids, 0 for rows of none; vectors: [used, dim]. */
cs_status cs_scan_block(const cs_scan *scan, cs_scan_worker *worker, const int64_t *owners, const float *vectors,
                        int used, cs_error *error);

#endif

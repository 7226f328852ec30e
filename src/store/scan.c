#include "store/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "store/dots.h"
#include "store/hits.h"

cs_status cs_scan_init(cs_scan *scan, const cs_query *queries, size_t n, int dim, cs_error *error) {
    size_t size = (size_t)dim * sizeof(float);
    *scan = (cs_scan){.queries = queries, .n = n, .dim = dim, .embeddings = cs_alloc(n, size)};
    if (!scan->embeddings) return cs_fail_memory(error, "a search");
    for (size_t q = 0; q < n; q++)
        memcpy(scan->embeddings + q * (size_t)dim, queries[q].embedding, size);
    return CS_OK;
}

void cs_scan_clear(cs_scan *scan) {
    free(scan->embeddings);
    scan->embeddings = NULL;
}

static int wants(const cs_scan *scan, int64_t id) {
    if (id <= 0) return 0;
    return !scan->wanted || (id < scan->wanted_end && (scan->wanted[id / 8] >> (id % 8) & 1));
}

int cs_scan_wants_any(const cs_scan *scan, const int64_t *owners, int used) {
    for (int i = 0; i < used; i++)
        if (wants(scan, owners[i])) return 1;
    return 0;
}

cs_status cs_scan_worker_init(cs_scan_worker *worker, const cs_scan *scan, const cs_search_options *options,
                              cs_error *error) {
    *worker = (cs_scan_worker){.rows = 0};
    cs_top_init(&worker->top, options->top, scan->n);
    if (options->has_min_score) worker->top.least = options->min_score;
    worker->candidate = cs_alloc(1, worker->top.stride);
    return worker->candidate ? CS_OK : cs_fail_memory(error, "a search");
}

void cs_scan_worker_clear(cs_scan_worker *worker) {
    cs_top_free(&worker->top);
    free(worker->cosines);
    free(worker->candidate);
}

static int make_room(const cs_scan *scan, cs_scan_worker *worker, size_t rows) {
    if (rows <= worker->rows) return 1;
    free(worker->cosines);
    worker->cosines = cs_alloc(rows, scan->n * sizeof *worker->cosines);
    worker->rows = worker->cosines ? rows : 0;
    return worker->cosines != NULL;
}

/* The highest cosine of each query in rows [first, end) of one photograph, and the row of the first query's. */
static void take_best(const cs_scan *scan, const float *cosines, int first, int end, cs_candidate *candidate) {
    size_t n = scan->n;
    memcpy(candidate->cosines, cosines + (size_t)first * n, n * sizeof *cosines);
    candidate->row = 0;
    for (int r = first + 1; r < end; r++)
        for (size_t q = 0; q < n; q++) {
            float cosine = cosines[(size_t)r * n + q];
            if (!(cosine > candidate->cosines[q])) continue;
            candidate->cosines[q] = cosine;
            if (q == 0) candidate->row = (uint32_t)(r - first);
        }
    candidate->score = cs_hits_score(scan->queries, n, candidate->cosines);
}

cs_status cs_scan_block(const cs_scan *scan, cs_scan_worker *worker, const int64_t *owners, const float *vectors,
                        int used, cs_error *error) {
    if (!make_room(scan, worker, (size_t)used)) return cs_fail_memory(error, "a search");
    cs_dots(vectors, (size_t)used, scan->embeddings, scan->n, scan->dim, worker->cosines);
    for (int first = 0, end; first < used; first = end) {
        end = first + 1;
        while (end < used && owners[end] == owners[first])
            end++;
        if (!wants(scan, owners[first])) continue;
        worker->candidate->id = owners[first];
        take_best(scan, worker->cosines, first, end, worker->candidate);
        if (!cs_top_add(&worker->top, worker->candidate)) return cs_fail_memory(error, "a search");
    }
    return CS_OK;
}

#include "store/hits.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* A hit and the one block of memory that its cosines and its path lie in. */
typedef struct owned_hit {
    cs_hit hit;
    void *memory;
} owned_hit;

struct cs_hits {
    const cs_query *queries; /* [n]; the caller's, NULL once ranked */
    size_t n;
    owned_hit *items;
    size_t count, capacity;
};

float cs_hits_score(const cs_query *queries, size_t n, const float *cosines) {
    double sum = 0, positive = 0;
    for (size_t i = 0; i < n; i++) {
        double weight = (double)queries[i].weight;
        sum += weight * (double)cosines[i];
        if (weight > 0) positive += weight;
    }
    return (float)(sum / positive);
}

cs_status cs_hits_create(const cs_query *queries, size_t n, cs_hits **hits, cs_error *error) {
    cs_hits *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "hits");
    made->queries = queries;
    made->n = n;
    *hits = made;
    return CS_OK;
}

static int make_room(cs_hits *hits) {
    if (hits->count < hits->capacity) return 1;
    size_t capacity = hits->capacity ? 2 * hits->capacity : 32;
    owned_hit *items = cs_realloc(hits->items, capacity, sizeof *items);
    if (!items) return 0;
    hits->items = items;
    hits->capacity = capacity;
    return 1;
}

cs_status cs_hits_add(cs_hits *hits, const cs_hit *found, cs_error *error) {
    float score = cs_hits_score(hits->queries, hits->n, found->cosines);
    if (score != score) return CS_OK;
    size_t cosines = hits->n * sizeof *found->cosines, path = strlen(found->path) + 1;
    char *memory = make_room(hits) ? cs_alloc(cosines + path, 1) : NULL;
    if (!memory) return cs_fail_memory(error, "hits");
    memcpy(memory, found->cosines, cosines);
    memcpy(memory + cosines, found->path, path);
    owned_hit *item = &hits->items[hits->count++];
    *item = (owned_hit){*found, memory};
    item->hit.score = score;
    item->hit.cosines = (const float *)(const void *)memory;
    item->hit.path = memory + cosines;
    return CS_OK;
}

static int compare(const void *a, const void *b) {
    const cs_hit *x = &((const owned_hit *)a)->hit, *y = &((const owned_hit *)b)->hit;
    if (x->score != y->score) return x->score > y->score ? -1 : 1;
    return strcmp(x->path, y->path);
}

void cs_hits_rank(cs_hits *hits, const cs_search_options *options) {
    if (hits->count > 1) qsort(hits->items, hits->count, sizeof *hits->items, compare);
    size_t keep = hits->count < options->top ? hits->count : options->top;
    while (options->has_min_score && keep > 0 && hits->items[keep - 1].hit.score < options->min_score)
        keep--;
    while (hits->count > keep)
        free(hits->items[--hits->count].memory);
    hits->queries = NULL;
}

size_t cs_hits_count(const cs_hits *hits) {
    return hits ? hits->count : 0;
}

const cs_hit *cs_hits_get(const cs_hits *hits, size_t index) {
    return hits && index < hits->count ? &hits->items[index].hit : NULL;
}

void cs_hits_free(cs_hits *hits) {
    if (!hits) return;
    for (size_t i = 0; i < hits->count; i++)
        free(hits->items[i].memory);
    free(hits->items);
    free(hits);
}

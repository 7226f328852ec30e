#include "store/top.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void cs_top_init(cs_top *top, size_t most, size_t queries) {
    size_t size = sizeof(cs_candidate) + queries * sizeof(float), align = _Alignof(cs_candidate);
    *top = (cs_top){.most = most, .queries = queries, .stride = (size + align - 1) / align * align, .least = -INFINITY};
}

void cs_top_free(cs_top *top) {
    free(top->items);
    *top = (cs_top){.items = NULL};
}

const cs_candidate *cs_top_get(const cs_top *top, size_t index) {
    return (const cs_candidate *)(const void *)(top->items + index * top->stride);
}

static int compare(const void *a, const void *b) {
    float x = ((const cs_candidate *)a)->score, y = ((const cs_candidate *)b)->score;
    return (x < y) - (x > y);
}

void cs_top_settle(cs_top *top) {
    if (top->count > 1) qsort(top->items, top->count, top->stride, compare);
    if (top->count <= top->most) return;
    top->least = cs_top_get(top, top->most - 1)->score;
    while (cs_top_get(top, top->count - 1)->score < top->least)
        top->count--;
}

/* Sorting pays when there are twice as many as can stay. */
static int make_room(cs_top *top) {
    if (top->count < top->capacity) return 1;
    cs_top_settle(top);
    if (top->count < top->capacity / 2 + 1 && top->capacity > 0) return 1;
    size_t capacity = top->capacity ? 2 * top->capacity : 64;
    char *items = cs_realloc(top->items, capacity, top->stride);
    if (!items) return 0;
    top->items = items;
    top->capacity = capacity;
    return 1;
}

int cs_top_add(cs_top *top, const cs_candidate *candidate) {
    if (!(candidate->score >= top->least)) return 1;
    if (!make_room(top)) return 0;
    memcpy(top->items + top->count++ * top->stride, candidate, top->stride);
    return 1;
}

int cs_top_merge(cs_top *top, const cs_top *other) {
    for (size_t i = 0; i < other->count; i++)
        if (!cs_top_add(top, cs_top_get(other, i))) return 0;
    return 1;
}

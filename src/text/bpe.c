#include "text/bpe.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static cs_status reserve(cs_bpe *bpe, size_t length, cs_error *error) {
    if (length <= bpe->capacity) return CS_OK;
    size_t capacity = length < 64 ? 64 : length;
    cs_bpe_free(bpe); /* nothing in it is needed any more */
    bpe->symbols = cs_alloc(capacity, sizeof *bpe->symbols);
    bpe->heap = cs_alloc(capacity, 3 * sizeof *bpe->heap);
    if (!bpe->symbols || !bpe->heap) return cs_fail_memory(error, "the symbols of a prompt");
    bpe->capacity = capacity;
    return CS_OK;
}

static int comes_first(const cs_candidate *a, const cs_candidate *b) {
    return a->rank != b->rank ? a->rank < b->rank : a->left < b->left;
}

static void push(cs_bpe *bpe, cs_candidate candidate) {
    size_t at = bpe->heap_count++;
    while (at > 0 && comes_first(&candidate, &bpe->heap[(at - 1) / 2])) {
        bpe->heap[at] = bpe->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    bpe->heap[at] = candidate;
}

static cs_candidate pop(cs_bpe *bpe) {
    cs_candidate top = bpe->heap[0], moved = bpe->heap[--bpe->heap_count];
    size_t at = 0, child;
    while ((child = 2 * at + 1) < bpe->heap_count) {
        if (child + 1 < bpe->heap_count && comes_first(&bpe->heap[child + 1], &bpe->heap[child])) child++;
        if (!comes_first(&bpe->heap[child], &moved)) break;
        bpe->heap[at] = bpe->heap[child];
        at = child;
    }
    bpe->heap[at] = moved;
    return top;
}

/* Enters the pair of the symbol at `left` and its right neighbour, if it merges. */
static void consider(cs_bpe *bpe, const cs_merges *merges, int32_t left) {
    int32_t right, rank, result;
    if (left < 0 || (right = bpe->symbols[left].next) < 0) return;
    if (cs_merges_find(merges, bpe->symbols[left].id, bpe->symbols[right].id, &rank, &result))
        push(bpe, (cs_candidate){rank, left, result});
}

/* A candidate is stale once one of its symbols has merged with another. */
static int is_stale(const cs_bpe *bpe, const cs_merges *merges, const cs_candidate *candidate) {
    const cs_symbol *left = &bpe->symbols[candidate->left];
    int32_t rank, result;
    if (left->id < 0 || left->next < 0) return 1;
    if (!cs_merges_find(merges, left->id, bpe->symbols[left->next].id, &rank, &result)) return 1;
    return result != candidate->result;
}

static void apply(cs_bpe *bpe, const cs_merges *merges, const cs_candidate *candidate) {
    cs_symbol *left = &bpe->symbols[candidate->left], *right = &bpe->symbols[left->next];
    left->id = candidate->result;
    left->next = right->next;
    right->id = -1;
    if (left->next >= 0) bpe->symbols[left->next].previous = candidate->left;
    consider(bpe, merges, left->previous);
    consider(bpe, merges, candidate->left);
}

cs_status cs_bpe_merge(cs_bpe *bpe, const cs_merges *merges, const int32_t *inner, const int32_t *last,
                       const char *piece, size_t length, cs_error *error) {
    cs_status status = reserve(bpe, length, error);
    if (status != CS_OK) return status;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)piece[i];
        bpe->symbols[i] = (cs_symbol){inner[byte], (int32_t)i - 1, (int32_t)i + 1};
    }
    bpe->symbols[length - 1].id = last[(unsigned char)piece[length - 1]];
    bpe->symbols[length - 1].next = -1;
    bpe->heap_count = 0;
    for (size_t i = 0; i + 1 < length; i++)
        consider(bpe, merges, (int32_t)i);
    while (bpe->heap_count > 0) {
        cs_candidate candidate = pop(bpe);
        if (!is_stale(bpe, merges, &candidate)) apply(bpe, merges, &candidate);
    }
    return CS_OK;
}

void cs_bpe_free(cs_bpe *bpe) {
    free(bpe->symbols);
    free(bpe->heap);
    *bpe = (cs_bpe){0};
}

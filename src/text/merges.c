#include "text/merges.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

/* The slot that holds the pair, or the free one where it belongs. */
static cs_merge *find_slot(const cs_merges *merges, int32_t left, int32_t right) {
    uint64_t hash = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9e3779b97f4a7c15u; /* Fibonacci hashing */
    size_t mask = merges->slot_count - 1;
    for (size_t i = (size_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        cs_merge *slot = &merges->slots[i];
        if (slot->result == 0 || (slot->left == left && slot->right == right)) return slot;
    }
}

static cs_status grow(cs_merges *merges, cs_error *error) {
    if (2 * (merges->count + 1) <= merges->slot_count) return CS_OK;
    cs_merges larger = *merges;
    larger.slot_count = merges->slot_count ? 2 * merges->slot_count : 4096;
    larger.slots = cs_alloc_zero(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots) return cs_fail_memory(error, "the merge table");
    for (size_t i = 0; i < merges->slot_count; i++)
        if (merges->slots[i].result)
            *find_slot(&larger, merges->slots[i].left, merges->slots[i].right) = merges->slots[i];
    free(merges->slots);
    *merges = larger;
    return CS_OK;
}

cs_status cs_merges_put(cs_merges *merges, int32_t left, int32_t right, int32_t rank, int32_t result, cs_error *error) {
    cs_status status = grow(merges, error);
    if (status != CS_OK) return status;
    cs_merge *slot = find_slot(merges, left, right);
    if (slot->result == 0) merges->count++;
    *slot = (cs_merge){left, right, rank, result + 1};
    return CS_OK;
}

int cs_merges_find(const cs_merges *merges, int32_t left, int32_t right, int32_t *rank, int32_t *result) {
    if (merges->slot_count == 0) return 0;
    const cs_merge *slot = find_slot(merges, left, right);
    if (slot->result == 0) return 0;
    *rank = slot->rank;
    *result = slot->result - 1;
    return 1;
}

void cs_merges_free(cs_merges *merges) {
    free(merges->slots);
    *merges = (cs_merges){0};
}

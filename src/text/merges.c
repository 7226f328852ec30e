#include "text/merges.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

cs_status cs_merges_create(size_t count, cs_merges *merges, cs_error *error) {
    size_t slots = 16;
    while (slots / 2 < count)
        slots *= 2;
    cs_merge *block = cs_alloc_zero(slots, sizeof *block);
    if (!block) return cs_fail_memory(error, "the merge table");
    *merges = (cs_merges){block, slots};
    return CS_OK;
}

/* The slot that holds the pair, or the free one where it belongs. */
static cs_merge *find_slot(const cs_merges *merges, int32_t left, int32_t right) {
    uint64_t hash = ((uint64_t)(uint32_t)left << 32 | (uint32_t)right) * 0x9e3779b97f4a7c15u; /* Fibonacci hashing */
    size_t mask = merges->slot_count - 1;
    for (size_t i = (size_t)(hash >> 32) & mask;; i = (i + 1) & mask) {
        cs_merge *slot = &merges->slots[i];
        if (slot->result == 0 || (slot->left == left && slot->right == right)) return slot;
    }
}

void cs_merges_put(cs_merges *merges, int32_t left, int32_t right, int32_t rank, int32_t result) {
    *find_slot(merges, left, right) = (cs_merge){left, right, rank, result + 1};
}

int cs_merges_find(const cs_merges *merges, int32_t left, int32_t right, int32_t *rank, int32_t *result) {
    const cs_merge *slot = find_slot(merges, left, right);
    if (slot->result == 0) return 0;
    *rank = slot->rank;
    *result = slot->result - 1;
    return 1;
}

void cs_merges_free(cs_merges *merges) {
    free(merges->slots);
    *merges = (cs_merges){NULL, 0};
}

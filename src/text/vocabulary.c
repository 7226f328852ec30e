#include "text/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* FNV-1a. */
static uint64_t hash_bytes(const char *bytes, size_t length) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash ^ hash >> 32;
}

/* The slot that holds the token, or the free one where it belongs. */
static cs_vocabulary_entry *find_slot(const cs_vocabulary *v, const char *token, size_t length) {
    size_t mask = v->slot_count - 1;
    for (size_t i = hash_bytes(token, length) & mask;; i = (i + 1) & mask) {
        cs_vocabulary_entry *slot = &v->slots[i];
        if (slot->length == 0) return slot;
        if (slot->length == length && memcmp(v->text + slot->offset, token, length) == 0) return slot;
    }
}

static cs_status grow_slots(cs_vocabulary *v, cs_error *error) {
    if (2 * (v->count + 1) <= v->slot_count) return CS_OK;
    cs_vocabulary larger = *v;
    larger.slot_count = v->slot_count ? 2 * v->slot_count : 4096;
    larger.slots = cs_alloc_zero(larger.slot_count, sizeof *larger.slots);
    if (!larger.slots) return cs_fail_memory(error, "the vocabulary");
    for (size_t i = 0; i < v->slot_count; i++)
        if (v->slots[i].length) *find_slot(&larger, v->text + v->slots[i].offset, v->slots[i].length) = v->slots[i];
    free(v->slots);
    *v = larger;
    return CS_OK;
}

static cs_status grow_text(cs_vocabulary *v, size_t more, cs_error *error) {
    if (more <= v->text_capacity - v->text_length) return CS_OK;
    size_t capacity = 2 * (v->text_length + more) + 65536;
    char *text = cs_realloc(v->text, capacity, 1);
    if (!text) return cs_fail_memory(error, "the vocabulary");
    v->text = text;
    v->text_capacity = capacity;
    return CS_OK;
}

cs_status cs_vocabulary_add(cs_vocabulary *v, const char *token, size_t length, int64_t id, const char *name,
                            cs_error *error) {
    int shown = length > 64 ? 64 : (int)length;
    if (length == 0) return cs_fail(error, CS_ERR_FORMAT, "%s: an empty token in the vocabulary", name);
    if (id < 0 || id >= CS_VOCABULARY_LIMIT)
        return cs_fail(error, CS_ERR_FORMAT, "%s: token \"%.*s\": expected an id from 0 to %d, found %lld", name, shown,
                       token, CS_VOCABULARY_LIMIT - 1, (long long)id);
    cs_status status = grow_slots(v, error);
    if (status == CS_OK) status = grow_text(v, length, error);
    if (status != CS_OK) return status;
    cs_vocabulary_entry *slot = find_slot(v, token, length);
    if (slot->length)
        return cs_fail(error, CS_ERR_FORMAT, "%s: token \"%.*s\" is in the vocabulary twice", name, shown, token);
    memcpy(v->text + v->text_length, token, length);
    *slot = (cs_vocabulary_entry){v->text_length, length, (int32_t)id};
    v->text_length += length;
    v->count++;
    if (id > v->highest) v->highest = (int32_t)id;
    return CS_OK;
}

int32_t cs_vocabulary_find(const cs_vocabulary *v, const char *token, size_t length) {
    if (v->count == 0 || length == 0) return -1;
    const cs_vocabulary_entry *slot = find_slot(v, token, length);
    return slot->length ? slot->id : -1;
}

cs_status cs_vocabulary_check_ids(const cs_vocabulary *v, const char *name, cs_error *error) {
    unsigned char *seen = cs_alloc_zero((size_t)v->highest + 1, 1);
    if (!seen) return cs_fail_memory(error, "the vocabulary");
    cs_status status = CS_OK;
    for (size_t i = 0; i < v->slot_count && status == CS_OK; i++) {
        const cs_vocabulary_entry *slot = &v->slots[i];
        if (slot->length == 0) continue;
        if (seen[slot->id])
            status = cs_fail(error, CS_ERR_FORMAT, "%s: id %d stands for two tokens", name, (int)slot->id);
        seen[slot->id] = 1;
    }
    free(seen);
    return status;
}

void cs_vocabulary_free(cs_vocabulary *v) {
    free(v->slots);
    free(v->text);
    *v = (cs_vocabulary){0};
}

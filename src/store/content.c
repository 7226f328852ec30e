#include "store/content.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* The bytes of a SHA-256 are as good as random. */
static uint64_t key_of(const uint8_t hash[32]) {
    uint64_t key;
    memcpy(&key, hash, sizeof key);
    return key;
}

void cs_content_clear(cs_content *content) {
    free(content->entries);
    *content = (cs_content){NULL, 0, 0};
}

static void insert(cs_content *content, cs_content_entry entry) {
    size_t mask = content->size - 1, at = (size_t)entry.key & mask;
    while (content->entries[at].id)
        at = (at + 1) & mask;
    content->entries[at] = entry;
    content->count++;
}

/* Keeps a third of the entries free. */
static int make_room(cs_content *content) {
    if (3 * (content->count + 1) <= 2 * content->size) return 1;
    cs_content larger = {NULL, 0, content->size ? 2 * content->size : 1024};
    larger.entries = cs_alloc_zero(larger.size, sizeof *larger.entries);
    if (!larger.entries) return 0;
    for (size_t i = 0; i < content->size; i++)
        if (content->entries[i].id) insert(&larger, content->entries[i]);
    free(content->entries);
    *content = larger;
    return 1;
}

int cs_content_add(cs_content *content, const uint8_t hash[32], int64_t id) {
    if (!make_room(content)) return 0;
    insert(content, (cs_content_entry){key_of(hash), id});
    return 1;
}

size_t cs_content_start(const cs_content *content, const uint8_t hash[32]) {
    return content->size ? (size_t)key_of(hash) & (content->size - 1) : 0;
}

int64_t cs_content_next(const cs_content *content, const uint8_t hash[32], size_t *at) {
    uint64_t key = key_of(hash);
    while (content->size && content->entries[*at].id) {
        const cs_content_entry *entry = &content->entries[*at];
        *at = (*at + 1) & (content->size - 1);
        if (entry->key == key) return entry->id;
    }
    return 0;
}

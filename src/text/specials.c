#include "text/specials.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

cs_status cs_specials_add(cs_specials *specials, const char *text, size_t length, int32_t id, cs_error *error) {
    cs_special *items = cs_realloc(specials->items, specials->count + 1, sizeof *items);
    if (!items) return cs_fail_memory(error, "the special tokens");
    specials->items = items;
    char *copy = cs_alloc(length, 1);
    if (!copy) return cs_fail_memory(error, "the special tokens");
    memcpy(copy, text, length);
    items[specials->count++] = (cs_special){copy, length, id};
    specials->first[(unsigned char)text[0]] = 1;
    return CS_OK;
}

static const cs_special *longest_at(const cs_specials *specials, const char *text, size_t length) {
    const cs_special *best = NULL;
    for (size_t i = 0; i < specials->count; i++) {
        const cs_special *item = &specials->items[i];
        if (item->length > length || (best && item->length <= best->length)) continue;
        if (memcmp(item->text, text, item->length) == 0) best = item;
    }
    return best;
}

const cs_special *cs_specials_find(const cs_specials *specials, const char *text, size_t length, size_t from,
                                   size_t *at) {
    for (; from < length; from++) {
        if (!specials->first[(unsigned char)text[from]]) continue;
        const cs_special *found = longest_at(specials, text + from, length - from);
        if (!found) continue;
        *at = from;
        return found;
    }
    return NULL;
}

void cs_specials_free(cs_specials *specials) {
    for (size_t i = 0; i < specials->count; i++)
        free(specials->items[i].text);
    free(specials->items);
    *specials = (cs_specials){0};
}

#include "model/pytorch_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { FIRST_CAPACITY = 64 };

void *cs_pool_add(cs_pool *pool) {
    if (pool->count == pool->capacity) {
        size_t capacity = pool->capacity ? pool->capacity * 2 : FIRST_CAPACITY;
        void *items = cs_realloc(pool->items, capacity, pool->item_size);
        if (!items) return NULL;
        pool->items = items;
        pool->capacity = capacity;
    }
    return memset(cs_pool_at(pool, pool->count++), 0, pool->item_size);
}

void *cs_pool_at(const cs_pool *pool, size_t index) {
    return (char *)pool->items + index * pool->item_size;
}

void cs_pool_free(cs_pool *pool) {
    free(pool->items);
    pool->items = NULL;
    pool->count = pool->capacity = 0;
}

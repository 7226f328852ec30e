/* A growing array of equal items. They move when it grows, so they are referred to by index. */
#ifndef CS_MODEL_PYTORCH_POOL_H
#define CS_MODEL_PYTORCH_POOL_H

#include <stddef.h>

typedef struct cs_pool {
    void *items;
    size_t count, capacity;
    size_t item_size;
} cs_pool;

/* Adds an item of zeros and returns it; NULL where memory is short. Set item_size first, and the rest to zero. */
void *cs_pool_add(cs_pool *pool);

/* Item `index`, which must be below count. */
void *cs_pool_at(const cs_pool *pool, size_t index);

void cs_pool_free(cs_pool *pool);

#endif

/* The rows of blocks in memory. */
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/sqlite_index.h"

/* Floats of the smallest slab, 32 MB: huge pages are worth it, and blocks that come later find room. */
enum { SLAB_LEAST = 8 << 20 };

/* Blocks begin at a cache line. */
enum { LINE = 64 / sizeof(float) };

static size_t block_size(const cs_known_block *block, int dim) {
    return ((size_t)block->capacity * (size_t)dim + LINE - 1) / LINE * LINE;
}

static int has_room(const cs_known_block *block) {
    return block->kept_capacity >= block->capacity;
}

static size_t missing(const cs_sqlite_index *index, int dim) {
    size_t sum = 0;
    for (size_t i = 0; i < index->count; i++)
        if (!has_room(&index->blocks[i])) sum += block_size(&index->blocks[i], dim);
    return sum;
}

static size_t half_of_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages / 2 * (size_t)page : SIZE_MAX;
}

static void forget_all(cs_sqlite_index *index) {
    for (cs_slab *slab = index->slabs, *next; slab; slab = next) {
        next = slab->next;
        free(slab->memory);
        free(slab);
    }
    index->slabs = NULL;
    index->kept_bytes = 0;
    for (size_t i = 0; i < index->count; i++) {
        index->blocks[i].kept = NULL;
        index->blocks[i].kept_capacity = 0;
        index->blocks[i].kept_version = 0;
    }
}

static int add_slab(cs_sqlite_index *index, size_t size) {
    size_t bytes = size * sizeof(float);
    if (index->kept_bytes + bytes > half_of_memory()) return 0;
    cs_slab *slab = cs_alloc(1, sizeof *slab);
    float *memory = slab ? cs_alloc_aligned(size, sizeof *memory) : NULL;
    if (!memory) {
        free(slab);
        return 0;
    }
    *slab = (cs_slab){memory, size, 0, index->slabs};
    index->slabs = slab;
    index->kept_bytes += bytes;
    return 1;
}

/* Room in the newest slab; NULL where it has none. */
static float *take(cs_sqlite_index *index, size_t size) {
    cs_slab *slab = index->slabs;
    if (!slab || size > slab->size - slab->used) return NULL;
    float *at = slab->memory + slab->used;
    slab->used += size;
    return at;
}

static void give_rooms(cs_sqlite_index *index, int dim) {
    for (size_t i = 0; i < index->count; i++) {
        cs_known_block *block = &index->blocks[i];
        if (has_room(block)) continue;
        float *room = take(index, block_size(block, dim));
        if (!room) continue;
        block->kept = room;
        block->kept_capacity = block->capacity;
        block->kept_version = 0;
    }
}

void cs_sqlite_index_keep(cs_sqlite_index *index, int dim) {
    if (index->searches < 1) return;
    index->keeps = 1;
    give_rooms(index, dim);
    size_t more = missing(index, dim);
    if (more == 0) return;
    if (add_slab(index, more > SLAB_LEAST ? more : SLAB_LEAST)) {
        give_rooms(index, dim);
        return;
    }
    forget_all(index);
    index->keeps = 0;
}

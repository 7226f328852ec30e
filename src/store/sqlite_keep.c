/* The rows of blocks in memory. */
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/sqlite_index.h"

/* Floats of the smallest slab, 32 MB: huge pages are worth it, and blocks that come later find room. And of the
 * largest, 256 MB: so much is filled by one search, so that none takes much longer than the others. */
enum { SLAB_LEAST = 8 << 20, SLAB_MOST = 64 << 20 };

/* Blocks begin at a cache line. */
enum { LINE = 64 / sizeof(float) };

static size_t block_size(const cs_known_block *block, int dim) {
    return ((size_t)block->capacity * (size_t)dim + LINE - 1) / LINE * LINE;
}

static int has_room(const cs_known_block *block) {
    return block->kept_capacity >= block->capacity;
}

/* Floats of all blocks that have no room, and of the largest of them. */
static size_t missing(const cs_sqlite_index *index, int dim, size_t *largest) {
    size_t sum = 0;
    for (size_t i = 0; i < index->count; i++) {
        size_t size = has_room(&index->blocks[i]) ? 0 : block_size(&index->blocks[i], dim);
        sum += size;
        if (size > *largest) *largest = size;
    }
    return sum;
}

static size_t half_of_memory(void) {
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (size_t)pages / 2 * (size_t)page : SIZE_MAX;
}

static void forget(cs_known_block *block) {
    block->kept = NULL;
    block->kept_capacity = 0;
    block->kept_version = 0;
}

void cs_sqlite_index_forget(cs_sqlite_index *index) {
    for (cs_slab *slab = index->slabs, *next; slab; slab = next) {
        next = slab->next;
        free(slab->memory);
        free(slab);
    }
    index->slabs = NULL;
    index->kept_bytes = 0;
    for (size_t i = 0; i < index->count; i++)
        forget(&index->blocks[i]);
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

/* To those that have none, or too little since they were made anew, as far as the newest slab goes. */
static void give_rooms(cs_sqlite_index *index, int dim) {
    for (size_t i = 0; i < index->count; i++) {
        cs_known_block *block = &index->blocks[i];
        if (has_room(block)) continue;
        forget(block);
        block->kept = take(index, block_size(block, dim));
        if (block->kept) block->kept_capacity = block->capacity;
    }
}

static size_t slab_size(size_t wanted, size_t block) {
    size_t size = wanted < SLAB_LEAST ? SLAB_LEAST : wanted;
    if (size > SLAB_MOST) size = SLAB_MOST;
    return size > block ? size : block;
}

/* Whether all blocks' rows together would be too much. */
static int is_too_large(const cs_sqlite_index *index, int dim) {
    size_t sum = 0;
    for (size_t i = 0; i < index->count; i++)
        sum += block_size(&index->blocks[i], dim) * sizeof(float);
    return sum > half_of_memory();
}

/* Room for all, or for as many as a slab more holds; zero where it is too much, or cannot be had. */
static int make_rooms(cs_sqlite_index *index, int dim) {
    size_t largest = 0;
    if (is_too_large(index, dim)) return 0;
    give_rooms(index, dim);
    size_t more = missing(index, dim, &largest);
    if (more > 0 && !add_slab(index, slab_size(more, largest))) return 0;
    give_rooms(index, dim);
    return 1;
}

void cs_sqlite_index_keep(cs_sqlite_index *index, int dim) {
    /* rooms that are too small by now may have used memory up: the next search begins anew */
    if (index->searches > 0 && !make_rooms(index, dim)) cs_sqlite_index_forget(index);
}

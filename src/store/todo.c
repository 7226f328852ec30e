#include "store/todo.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* Where the hash table holds no item. */
#define NONE SIZE_MAX

typedef struct todo_item {
    char *path;
    int done;
} todo_item;

struct cs_todo {
    todo_item *items; /* in the order of the offers */
    size_t count, capacity;
    size_t *table; /* [table_size], a power of two: numbers of items, open addressing */
    size_t table_size;
    size_t first;       /* the items before it are done */
    const char **taken; /* [taken_size]; what the last take handed out */
    size_t taken_size;
};

cs_status cs_todo_create(cs_todo **todo, cs_error *error) {
    cs_todo *made = cs_alloc_zero(1, sizeof *made);
    if (!made) return cs_fail_memory(error, "the work to do");
    *todo = made;
    return CS_OK;
}

void cs_todo_free(cs_todo *todo) {
    if (!todo) return;
    for (size_t i = 0; i < todo->count; i++)
        free(todo->items[i].path);
    free(todo->items);
    free(todo->table);
    free(todo->taken);
    free(todo);
}

/* FNV-1a (Fowler, Noll and Vo), 64 bits. */
static size_t hash(const char *path) {
    uint64_t value = 14695981039346656037u;
    for (; *path; path++)
        value = (value ^ (unsigned char)*path) * 1099511628211u;
    return (size_t)(value ^ value >> 32);
}

/* The place in the table that holds the path, or where it would go. */
static size_t *place(const cs_todo *todo, const char *path) {
    size_t mask = todo->table_size - 1, at = hash(path) & mask;
    while (todo->table[at] != NONE && strcmp(todo->items[todo->table[at]].path, path) != 0)
        at = (at + 1) & mask;
    return &todo->table[at];
}

/* Keeps at least half of the table empty. */
static int grow_table(cs_todo *todo) {
    if (2 * (todo->count + 1) <= todo->table_size) return 1;
    size_t size = todo->table_size ? 2 * todo->table_size : 64;
    size_t *table = cs_alloc(size, sizeof *table);
    if (!table) return 0;
    for (size_t i = 0; i < size; i++)
        table[i] = NONE;
    free(todo->table);
    todo->table = table;
    todo->table_size = size;
    /* later items of a path come last and so take its place */
    for (size_t i = 0; i < todo->count; i++)
        *place(todo, todo->items[i].path) = i;
    return 1;
}

static int grow_items(cs_todo *todo) {
    if (todo->count < todo->capacity) return 1;
    size_t capacity = todo->capacity ? 2 * todo->capacity : 64;
    todo_item *items = cs_realloc(todo->items, capacity, sizeof *items);
    if (!items) return 0;
    todo->items = items;
    todo->capacity = capacity;
    return 1;
}

static int offer_one(cs_todo *todo, const char *path) {
    if (!grow_table(todo) || !grow_items(todo)) return 0;
    size_t *at = place(todo, path);
    if (*at != NONE && !todo->items[*at].done) return 1;
    char *copy = cs_strdup(path);
    if (!copy) return 0;
    todo->items[todo->count] = (todo_item){copy, 0};
    *at = todo->count++;
    return 1;
}

cs_status cs_todo_offer(cs_todo *todo, const char *const *paths, size_t n, cs_error *error) {
    for (size_t i = 0; i < n; i++)
        if (!offer_one(todo, paths[i])) return cs_fail_memory(error, "the work to do");
    return CS_OK;
}

cs_status cs_todo_take(cs_todo *todo, size_t most, const char *const **paths, size_t *n, cs_error *error) {
    while (todo->first < todo->count && todo->items[todo->first].done)
        todo->first++;
    size_t left = todo->count - todo->first, room = left < most ? left : most, count = 0;
    if (room > todo->taken_size) {
        const char **taken = cs_realloc(todo->taken, room, sizeof *taken);
        if (!taken) return cs_fail_memory(error, "the work to do");
        todo->taken = taken;
        todo->taken_size = room;
    }
    for (size_t i = todo->first; i < todo->count && count < room; i++)
        if (!todo->items[i].done) todo->taken[count++] = todo->items[i].path;
    *paths = todo->taken;
    *n = count;
    return CS_OK;
}

void cs_todo_done(cs_todo *todo, const char *path) {
    if (todo->table_size == 0) return;
    size_t at = *place(todo, path);
    if (at != NONE) todo->items[at].done = 1;
}

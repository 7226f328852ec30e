/* Paths that are to be worked on, for a store with one indexer: a queue in memory that knows every path once. */
#ifndef CS_STORE_TODO_H
#define CS_STORE_TODO_H

#include "clipsight_tools.h"

typedef struct cs_todo cs_todo;

cs_status cs_todo_create(cs_todo **todo, cs_error *error);
void cs_todo_free(cs_todo *todo);

/* A path that waits or is taken already is passed over; one that was done waits again. */
cs_status cs_todo_offer(cs_todo *todo, const char *const *paths, size_t n, cs_error *error);

/* As cs_store_take(). */
cs_status cs_todo_take(cs_todo *todo, size_t most, const char *const **paths, size_t *n, cs_error *error);

/* Ends the work on a path, whether it was taken, waits, or is unknown. */
void cs_todo_done(cs_todo *todo, const char *path);

#endif

/* What there is to do: what is below the roots, beside what the store has of it. */
#ifndef CLI_INDEX_PLAN_H
#define CLI_INDEX_PLAN_H

#include "clipsight_tools.h"
#include "index_roots.h"
#include "walk.h"

typedef enum index_reason {
    INDEX_NEW,
    INDEX_CHANGED,    /* size or time are others */
    INDEX_INCOMPLETE, /* its windows are wanted, too */
    INDEX_RETRY       /* could not be read, and shall be tried again */
} index_reason;

typedef struct index_todo {
    const char *path; /* of the walk */
    index_reason reason;
} index_todo;

/* What is known of a stored photograph that the walk did not find. */
typedef enum index_verdict {
    INDEX_GONE,
    INDEX_KEPT,    /* it is there, or nobody can tell */
    INDEX_DOUBTFUL /* the folder that it was in, or below, is empty: perhaps a disk is not mounted */
} index_verdict;

typedef struct index_missing {
    char *path;
    index_verdict verdict;
    char *empty_folder; /* of a doubtful one */
    int is_moved;       /* its content was found elsewhere */
} index_missing;

typedef struct index_plan {
    const cs_store_info *store;
    int retry, prune;
    uint64_t max_pixels;
    index_roots roots; /* resolved before anything else */
    cli_walk walk;
    index_todo *todo; /* sorted by path */
    size_t todo_count, todo_capacity;
    index_missing *missing; /* sorted by path */
    size_t missing_count, missing_capacity;
    uint64_t *known; /* beginnings of the hashes of photographs that the store has complete, sorted */
    size_t known_count, known_capacity;
    size_t known_broken; /* photographs that could not be read, have not changed and are not tried again */
} index_plan;

/* Walks the roots and compares. Says what cannot be read. Returns STATUS_OK or STATUS_FAILURE. */
int index_plan_walk(index_plan *plan);
cs_status index_plan_compare(index_plan *plan, cs_store *store, cs_error *error);

/* NULL where there is none. */
const index_todo *index_plan_find(const index_plan *plan, const char *path);
index_missing *index_plan_find_missing(const index_plan *plan, const char *path);

/* True where a stored photograph with this hash is likely. */
int index_plan_knows(const index_plan *plan, const uint8_t hash[32]);

/* How many rows a photograph of this size has in the store. */
size_t index_plan_rows(const index_plan *plan, int width, int height);

void index_plan_free(index_plan *plan);

/* ---- index_gone.c ---- */

/* Judges all that are missing. */
void index_judge(index_plan *plan);

/* True where the file is not there, now. */
int index_is_gone(const char *path);

#endif

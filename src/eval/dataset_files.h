/* Finding the files of a dataset. */
#ifndef CS_EVAL_DATASET_FILES_H
#define CS_EVAL_DATASET_FILES_H

#include "clipsight.h"

/* File names or paths. */
typedef struct cs_names {
    char **items; /* [count] */
    size_t count, capacity;
} cs_names;

#define CS_NAMES_EMPTY                                                                                                 \
    { NULL, 0, 0 }

/* Appends a copy. */
cs_status cs_names_add(cs_names *names, const char *name, cs_error *error);

/* Appends `name` itself, which then belongs to the list, even on failure; NULL counts as short memory. */
cs_status cs_names_take(cs_names *names, char *name, cs_error *error);

void cs_names_free(cs_names *names);

/* Room for one more item of `size` bytes in a growing array: `items`, moved if need be, or NULL (`items` stays valid)
 * where memory is short. */
void *cs_room(void *items, size_t count, size_t *capacity, size_t size);

/* Appends the names of `folder` that `wanted` takes, in byte order; hidden ones (a point in front) are left out. */
cs_status cs_list_folder(const char *folder, int (*wanted)(const char *name), cs_names *names, cs_error *error);

/* True if `name` ends in `end` and is longer, in letters of any case. */
int cs_ends_in(const char *name, const char *end);

/* The part of a path behind its last slash. */
const char *cs_base_name(const char *path);

/* The folder that a path lies in, as a new string: "." where it names none, NULL where memory is short. */
char *cs_folder_of(const char *path);

/* *path becomes "folder/name" where `is_there` says yes to it, else stays as it is. A `name` that begins with a slash
 * stands for itself. */
cs_status cs_find_in(const char *folder, const char *name, int (*is_there)(const char *path), char **path,
                     cs_error *error);

/* The one file of `folder` whose name `wanted` takes. *path stays NULL where there is none; several are refused,
 * because any choice among them would be a guess. */
cs_status cs_find_only(const char *folder, int (*wanted)(const char *name), char **path, cs_error *error);

#endif

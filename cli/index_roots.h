/* Where `clipsight index` looks: the operands, as the places that they name. */
#ifndef CLI_INDEX_ROOTS_H
#define CLI_INDEX_ROOTS_H

#include "memory.h"

typedef struct index_root {
    char *path; /* absolute, without links and dots but for a file's own name */
    int is_folder;
    int is_absent; /* there is neither a folder nor a file */
    int is_inside; /* below another root that is a folder, or the same again */
} index_root;

typedef struct index_roots {
    index_root *items;
    size_t count;
} index_roots;

/* Returns STATUS_OK, or STATUS_FAILURE after saying which operands are left out: those that are not there, which with
 * `prune` stay in the list, and nothing is said, and what is neither a folder nor a file. */
int index_roots_resolve(index_roots *roots, const text_list *operands, int prune);

/* True where any of them is there. */
int index_roots_are_there(const index_roots *roots);

/* What the paths of all photographs of a root begin with: the folder with its slash, or the file itself. The caller
 * frees it. */
char *index_root_prefix(const index_root *root);

void index_roots_free(index_roots *roots);

#endif

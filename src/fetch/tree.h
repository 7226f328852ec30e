/* Folders as a whole. */
#ifndef CS_FETCH_TREE_H
#define CS_FETCH_TREE_H

#include "clipsight.h"

/* Deletes a folder with all in it, as far as that is possible. Follows no links. */
void cs_remove_tree(const char *path);

/* Bytes of the files in a folder and below it, links counting as what they lead to. */
uint64_t cs_tree_bytes(const char *path);

#endif

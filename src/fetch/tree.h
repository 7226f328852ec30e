/* Folders as a whole. */
#ifndef CS_FETCH_TREE_H
#define CS_FETCH_TREE_H

#include "clipsight.h"

/* Makes a folder and those above it; one that is there already is fine. */
cs_status cs_make_folders(const char *path, cs_error *error);

/* Deletes a folder with all in it, as far as that is possible. Follows no links. */
void cs_remove_tree(const char *path);

/* Bytes of the files in a folder and below it, links counting as what they lead to. */
uint64_t cs_tree_bytes(const char *path);

#endif

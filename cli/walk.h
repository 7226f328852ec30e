/* All files below a folder. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <sys/stat.h>

#include "memory.h"

/* Folders that pictures are written to. */
enum { MOST_OUTPUTS = 2 };
typedef struct folder_list {
    struct stat items[MOST_OUTPUTS];
    size_t count;
} folder_list;

typedef struct cli_walk {
    const folder_list *outputs; /* left out, so that a second run does not take in the first's pictures */
    text_list photos;           /* sorted */
    text_list others;           /* files that are no photographs, sorted */
    int failed;                 /* a folder could not be read */
} cli_walk;

/* Fills photos and others. Hidden entries are left out. Links to folders are followed, and each folder is visited once,
 * by its own name rather than a link's: loops of links end. */
void walk_folder(cli_walk *walk, const char *root);
void walk_free(cli_walk *walk);

#endif

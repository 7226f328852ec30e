/* All files below folders. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <stdint.h>
#include <sys/stat.h>

#include "memory.h"

/* Folders that pictures are written to. */
enum { MOST_OUTPUTS = 2 };
typedef struct folder_list {
    struct stat items[MOST_OUTPUTS];
    size_t count;
} folder_list;

typedef struct walk_photo {
    char *path;
    uint64_t bytes;
    int64_t modified; /* nanoseconds since 1970 */
    int is_missing;   /* a link that leads nowhere */
} walk_photo;

typedef struct cli_walk {
    const folder_list *outputs; /* left out, so that a second run does not take in the first's pictures */
    walk_photo *photos;         /* sorted by path */
    size_t count, capacity;
    text_list others; /* files that are no photographs, sorted */
    text_list unread; /* folders of which not everything could be seen, sorted */
} cli_walk;

/* Fills photos and others, and says which folders cannot be read. Hidden entries are left out, but the roots are not.
 * Links to folders are followed, and each folder is visited once, by its own name rather than a link's: loops of links
 * end. Ends early after Ctrl-C. */
void walk_folders(cli_walk *walk, const char *const *roots, size_t n);

/* Appends a photograph, behind the sorted ones. Takes over `path`. info: NULL for a link that leads nowhere. */
void walk_add(cli_walk *walk, char *path, const struct stat *info);

/* By path, for qsort() and bsearch() over walk_photo. */
int walk_compare(const void *a, const void *b);

void walk_free(cli_walk *walk);

#endif

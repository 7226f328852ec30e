/* The photographs that the operands name. */
#ifndef CLI_PHOTOS_H
#define CLI_PHOTOS_H

#include <sys/stat.h>

#include "clipsight.h"
#include "memory.h"
#include "walk.h"

typedef struct cli_photo {
    char *path;     /* as it is reported; "-" is standard input */
    size_t operand; /* index of the operand that named it */
    size_t rest;    /* where in `path` the part below the anchor begins */
    dev_t device;   /* which file it is; 0 where it cannot be told */
    ino_t inode;
} cli_photo;

typedef struct photo_list {
    cli_photo *items;
    size_t count, capacity;
    text_list anchors; /* per operand: the folder, or the folder of the file, without links; "" for stdin */
} photo_list;

/* STATUS_OK, or wrong usage, reported: an empty name, or standard input more than once. stdins: how often options take
 * it. */
int photos_check(const char *command, const text_list *operands, int stdins);

/* Operands in order; a folder gives all photographs below it, sorted by path. Files with other endings are skipped with
 * a note on stderr (none where `quiet`), and so are the `outputs` below it without one. Returns STATUS_OK, or
 * STATUS_FAILURE after saying which folder is unreadable or holds no photograph: the list then holds the rest. */
int photos_collect(photo_list *photos, const text_list *operands, const folder_list *outputs, int quiet);

/* Appends one. Takes over `path`. */
void photos_add(photo_list *photos, char *path, size_t operand, size_t rest);

/* The folder without links and dots; one that is not there stays as it was given. The caller frees it. */
char *folder_resolved(const char *folder);

void photos_free(photo_list *photos);

/* "-", a pipe or a device: what can be read once, when whoever writes it does. */
int photo_is_stream(const char *path);

/* What 0, the library's default, stands for; other numbers as they are. */
uint64_t photo_most_pixels(unsigned long long max_pixels);

/* Opens a photograph by path; "-", pipes and devices are read to their end first. */
cs_status photo_open(const char *path, unsigned long long max_pixels, cs_image **image, cs_error *error);

#endif

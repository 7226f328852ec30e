/* Where pictures are written: one file, or a folder in which every photograph gets a name of its own. */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include <sys/stat.h>

#include "photos.h"

typedef struct cli_targets {
    const char *option;          /* that gave it, for messages */
    const char *path;            /* NULL: no pictures are wanted */
    int in_folder;               /* `path` is a folder */
    size_t common;               /* length of the leading folders that all photographs share */
    void *names;                 /* those handed out: a tree of tsearch() */
    struct cli_targets *sibling; /* keeps the names instead, for both; or NULL */
    const photo_list *photos;
    struct stat folder; /* of `path`, where in_folder */
} cli_targets;

/* Decides between file and folder, makes the folder, and checks that the file can be made. `option` is named in
 * messages. Returns STATUS_OK, STATUS_USAGE or STATUS_FAILURE after saying why. */
int targets_open(cli_targets *targets, const char *command, const char *option, const char *path,
                 const text_list *operands);

/* The same for an option that always names a folder. */
int targets_open_folder(cli_targets *targets, const char *command, const char *option, const char *path,
                        const text_list *operands);

/* To be called when the photographs are known. */
int targets_check(cli_targets *targets, const char *command, const photo_list *photos);

/* The picture's name for a photograph and, unless NULL, a prompt, and, unless 0, a number of the prompt's: unlike any
 * other, and no photograph's. Folders on the way are made. The caller frees *name. */
cs_status targets_name(cli_targets *targets, size_t photo, const char *prompt, size_t number, char **name,
                       cs_error *error);

void targets_close(cli_targets *targets);

#endif

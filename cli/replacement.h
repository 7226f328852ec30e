/* What a file of results must not take the place of: photographs, and the store that they are in. */
#ifndef CLI_REPLACEMENT_H
#define CLI_REPLACEMENT_H

#include <sys/stat.h>

#include "clipsight_tools.h"

typedef struct replacement {
    const char *path; /* that results are written to; NULL: standard output, which replaces nothing */
    const char *what; /* "sheet", for messages */
    int is_file;      /* there is one now */
    struct stat info; /* of it */
} replacement;

replacement replacement_by(const char *path, const char *what);

/* True where both names are of one file, there or not. */
int replacement_is_same(const replacement *by, const char *path);

/* The checks give CS_ERR_ARGUMENT, and a message that names the file. */

/* where: the store's file, there or not, or its URL. */
cs_status replacement_check_store(const replacement *by, const char *where, cs_error *error);

/* bytes: of the photograph's file. */
cs_status replacement_check_photo(const replacement *by, const char *path, uint64_t bytes, cs_error *error);

/* All photographs of the store, found by a search or not. */
cs_status replacement_check_photos(const replacement *by, cs_store *store, cs_error *error);

#endif

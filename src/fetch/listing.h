/* What a model's repository holds at one revision. */
#ifndef CS_FETCH_LISTING_H
#define CS_FETCH_LISTING_H

#include "fetch/digest.h"

typedef struct cs_remote_file {
    char *name; /* no slash: files in subfolders are left out */
    uint64_t size;
    cs_digest digest;
} cs_remote_file;

typedef struct cs_listing {
    char *commit; /* what the revision stands for now: all files are asked for by it, so that they belong together */
    cs_remote_file *files;
    size_t count;
} cs_listing;

/* Reads the endpoint's answer: {"sha", "siblings": [{"rfilename", "size", "blobId", "lfs": {"sha256", "size"}}]}.
 * `revision` stands in where it names no commit. */
cs_status cs_listing_parse(const char *text, const char *what, const char *revision, cs_listing *listing,
                           cs_error *error);
void cs_listing_clear(cs_listing *listing);

/* The file of this name, or NULL. */
const cs_remote_file *cs_listing_find(const cs_listing *listing, const char *name);

/* True for a plain name of a file: no slash, not hidden, no control characters. */
int cs_is_file_name(const char *name);

#endif

/* Hashes of files. */
#ifndef CS_FETCH_DIGEST_H
#define CS_FETCH_DIGEST_H

#include "clipsight.h"

typedef enum cs_digest_kind {
    CS_DIGEST_NONE,   /* the endpoint names no hash */
    CS_DIGEST_SHA256, /* of the contents: what the hub gives for large files */
    CS_DIGEST_GIT     /* SHA-1 of "blob SIZE\0" and the contents: git's name of a file, given for small ones */
} cs_digest_kind;

typedef struct cs_digest {
    cs_digest_kind kind;
    char hex[65]; /* lower case */
} cs_digest;

/* Takes over a hash of the right length in hexadecimal digits; anything else is CS_DIGEST_NONE. */
cs_digest cs_digest_from_text(cs_digest_kind kind, const char *text);

/* The digest of this kind of the file. */
cs_status cs_digest_file(cs_digest_kind kind, const char *path, cs_digest *digest, cs_error *error);

#endif

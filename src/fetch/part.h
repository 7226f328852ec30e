/* A file that is not complete yet: NAME.part, and NAME.etag with the ETag of what it is a part of. */
#ifndef CS_FETCH_PART_H
#define CS_FETCH_PART_H

#include "clipsight.h"

typedef struct cs_part {
    char *final, *path, *etag_path;
    int file; /* open for writing at its end */
    uint64_t size;
    char etag[160];
} cs_part;

/* Opens what is there, or begins with nothing. */
cs_status cs_part_open(const char *folder, const char *name, cs_part *part, cs_error *error);

/* Throws away what is there; what comes from now on belongs to this ETag ("": unknown). */
cs_status cs_part_restart(cs_part *part, const char *etag, cs_error *error);

cs_status cs_part_append(cs_part *part, const char *data, size_t size, cs_error *error);

/* Gives it its final name. */
cs_status cs_part_finish(cs_part *part, cs_error *error);

void cs_part_close(cs_part *part);

#endif

/* The records at a zip archive's end, which say where its directory lies. */
#ifndef CS_MODEL_PYTORCH_ZIP_END_H
#define CS_MODEL_PYTORCH_ZIP_END_H

#include "clipsight.h"

typedef struct cs_zip_end {
    uint64_t entries;
    uint64_t size, place; /* of the directory, which lies within the bytes */
} cs_zip_end;

/* Finds the end record (behind which a comment may stand) and, where there is one, its ZIP64 form. */
cs_status cs_zip_find_end(const uint8_t *bytes, size_t size, const char *file, cs_zip_end *end, cs_error *error);

#endif

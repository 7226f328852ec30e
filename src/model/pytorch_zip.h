/* The directory of a zip archive, as far as PyTorch's files need it: stored entries, ZIP64.
 *
 * Format: PKWARE's APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3. Every offset, size and count is checked against the
 * bytes. Checksums are not: that would mean to read all weights twice. */
#ifndef CS_MODEL_PYTORCH_ZIP_H
#define CS_MODEL_PYTORCH_ZIP_H

#include "clipsight.h"

typedef struct cs_zip_entry {
    const char *name; /* [name_length] inside the archive, not NUL-terminated, no control characters */
    size_t name_length;
    unsigned flags, method;
    uint64_t size, packed_size;
    uint64_t place; /* of its local header */
} cs_zip_entry;

typedef struct cs_zip {
    const char *file;
    const uint8_t *bytes; /* [size] */
    size_t size;
    cs_zip_entry *entries; /* [count] in byte order of their names, each name once */
    size_t count;
    const char *folder; /* [folder_length]: what stands before the first entry's first slash; PyTorch uses one folder */
    size_t folder_length;
} cs_zip;

/* `bytes` and `file` (which stands for them in messages) must outlive the archive. */
cs_status cs_zip_open(const uint8_t *bytes, size_t size, const char *file, cs_zip *zip, cs_error *error);
void cs_zip_free(cs_zip *zip);

/* The entry folder/name; NULL if there is none. */
const cs_zip_entry *cs_zip_find(const cs_zip *zip, const char *name);

/* True if an entry's name begins with folder/start. */
int cs_zip_has(const cs_zip *zip, const char *start);

/* Where the entry's bytes [entry->size] lie. Refuses compressed and encrypted entries. */
cs_status cs_zip_data(const cs_zip *zip, const cs_zip_entry *entry, const uint8_t **data, cs_error *error);

#endif

/* One photograph's file, read once: for its hash, and for its picture. */
#ifndef CLI_PHOTO_FILE_H
#define CLI_PHOTO_FILE_H

#include <sys/stat.h>

#include "clipsight.h"

/* What a file is told by. */
typedef struct photo_file {
    uint64_t bytes;
    int64_t modified; /* nanoseconds since 1970 */
    uint8_t hash[32]; /* SHA-256 of its contents; zeros as long as it was not read */
    int width, height;
    int is_missing; /* there is no file of this name (any more) */
} photo_file;

/* The time of a file in nanoseconds. */
int64_t file_time(const struct stat *info);

/* Opens a regular file; *descriptor is closed by photo_file_read(). Errors as cs_image_open(). */
cs_status photo_file_open(const char *path, int *descriptor, photo_file *file, cs_error *error);

/* The file's bytes, to be freed. Closes the descriptor. must_stay: CS_ERR_IO where the file changed since it was
 * opened. */
cs_status photo_file_read(const char *path, int descriptor, const photo_file *file, int must_stay, char **bytes,
                          cs_error *error);

#endif

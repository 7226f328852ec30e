/* Files: mapping and reading whole ones, and writing through a temporary name. */
#ifndef CS_BASE_FILE_H
#define CS_BASE_FILE_H

#include <stdio.h>

#include "clipsight.h"

/* A read-only mapping of a regular file. An empty file has data NULL and size 0. */
typedef struct cs_mapping {
    const uint8_t *data;
    size_t size;
} cs_mapping;

cs_status cs_file_map(const char *path, cs_mapping *mapping, cs_error *error);
void cs_file_unmap(cs_mapping *mapping);

/* Reads a regular file of at most `limit` bytes; *data is NUL-terminated behind its *size bytes; free() it. */
cs_status cs_file_read(const char *path, size_t limit, char **data, size_t *size, cs_error *error);

/* True if `path` is an existing regular file (folder). */
int cs_file_exists(const char *path);
int cs_folder_exists(const char *path);

/* Makes a folder and those above it; one that is there already is fine. */
cs_status cs_make_folders(const char *path, cs_error *error);

/* The path `below` in the user's data folder: $XDG_DATA_HOME, or ~/.local/share. *path is NULL, and that is no error,
 * where neither is known. Released with free(). */
cs_status cs_user_data_path(const char *below, char **path, cs_error *error);

/* "folder/name" as a new string; NULL where memory is short. */
char *cs_path_join(const char *folder, const char *name);

/* A file being written: bytes go to a temporary file in the same folder, which takes the final name on commit. */
typedef struct cs_output {
    FILE *file;
    char *path;
    char *temporary;
} cs_output;

cs_status cs_output_open(const char *path, cs_output *output, cs_error *error);

/* Flushes, checks every write, and renames. On failure nothing is left behind. */
cs_status cs_output_commit(cs_output *output, cs_error *error);
void cs_output_discard(cs_output *output);

#endif

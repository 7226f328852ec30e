#include "eval/voc_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

static int is_annotation(const char *name) {
    size_t length = strlen(name);
    return name[0] != '.' && length > 4 && strcasecmp(name + length - 4, ".xml") == 0;
}

static cs_status add(cs_voc_names *names, const char *name, cs_error *error) {
    if (names->count == names->capacity) {
        size_t capacity = names->capacity ? names->capacity * 2 : 64;
        char **items = cs_realloc(names->items, capacity, sizeof *items);
        if (!items) return cs_fail_memory(error, "file names");
        names->items = items;
        names->capacity = capacity;
    }
    char *copy = cs_strdup(name);
    if (!copy) return cs_fail_memory(error, "file names");
    names->items[names->count++] = copy;
    return CS_OK;
}

static cs_status read_names(DIR *directory, const char *folder, cs_voc_names *names, cs_error *error) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry && errno) return cs_fail(error, CS_ERR_IO, "%s: cannot list: %s", folder, strerror(errno));
        if (!entry) return CS_OK;
        if (!is_annotation(entry->d_name)) continue;
        cs_status status = add(names, entry->d_name, error);
        if (status != CS_OK) return status;
    }
}

static int compare_names(const void *a, const void *b) {
    char *const *first = a, *const *second = b;
    return strcmp(*first, *second);
}

cs_status cs_voc_list(const char *folder, cs_voc_names *names, cs_error *error) {
    cs_voc_names found = {NULL, 0, 0};
    DIR *directory = opendir(folder);
    if (!directory) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", folder, strerror(errno));
    cs_status status = read_names(directory, folder, &found, error);
    closedir(directory);
    if (status == CS_OK && found.count == 0)
        status = cs_fail(error, CS_ERR_FORMAT, "%s: expected annotations (.xml), found none", folder);
    if (status != CS_OK) {
        cs_voc_names_free(&found);
        return status;
    }
    qsort(found.items, found.count, sizeof *found.items, compare_names);
    *names = found;
    return CS_OK;
}

void cs_voc_names_free(cs_voc_names *names) {
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (cs_voc_names){NULL, 0, 0};
}

cs_status cs_voc_subfolder(const char *folder, const char *first, const char *second, char **path, cs_error *error) {
    const char *const choices[] = {first, second};
    for (int i = 0; i < 2; i++) {
        char *candidate = cs_path_join(folder, choices[i]);
        if (!candidate) return cs_fail_memory(error, folder);
        if (cs_folder_exists(candidate)) {
            *path = candidate;
            return CS_OK;
        }
        free(candidate);
    }
    return cs_fail(error, CS_ERR_IO, "%s: expected a folder %s or %s in it", folder, first, second);
}

/* "a.jpg" of "a.xml"; NULL where memory is short. */
static char *jpeg_name(const char *annotation) {
    char *name = cs_strdup(annotation);
    if (name) memcpy(name + strlen(name) - 4, ".jpg", 4);
    return name;
}

/* *path stays NULL where there is no such file. */
static cs_status find_file(const char *images, const char *name, char **path, cs_error *error) {
    char *candidate = cs_path_join(images, name);
    if (!candidate) return cs_fail_memory(error, images);
    if (cs_file_exists(candidate))
        *path = candidate;
    else
        free(candidate);
    return CS_OK;
}

static cs_status find_jpeg(const char *images, const char *annotation, char **path, cs_error *error) {
    char *name = jpeg_name(annotation);
    if (!name) return cs_fail_memory(error, annotation);
    cs_status status = find_file(images, name, path, error);
    free(name);
    return status;
}

cs_status cs_voc_photo(const char *images, const char *annotation, const char *filename, char **path, cs_error *error) {
    cs_status status = CS_OK;
    char *found = NULL;
    if (filename && strpbrk(filename, "/\\"))
        return cs_fail(error, CS_ERR_FORMAT, "%s: expected the plain name of a photograph as filename, found '%.100s'",
                       annotation, filename);
    if (filename) status = find_file(images, filename, &found, error);
    if (status == CS_OK && !found) status = find_jpeg(images, annotation, &found, error);
    if (status == CS_OK && !found)
        status = cs_fail(error, CS_ERR_IO, "%s: its photograph '%.100s' is not in %s", annotation,
                         filename ? filename : "(named like it, .jpg)", images);
    if (status == CS_OK) *path = found;
    return status;
}

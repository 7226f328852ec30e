#include "eval/dataset_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/file.h"

void *cs_room(void *items, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) return items;
    size_t larger = *capacity ? *capacity * 2 : 64;
    void *moved = cs_realloc(items, larger, size);
    if (moved) *capacity = larger;
    return moved;
}

cs_status cs_names_take(cs_names *names, char *name, cs_error *error) {
    char **items = name ? cs_room(names->items, names->count, &names->capacity, sizeof *items) : NULL;
    if (!items) {
        free(name);
        return cs_fail_memory(error, "file names");
    }
    names->items = items;
    names->items[names->count++] = name;
    return CS_OK;
}

cs_status cs_names_add(cs_names *names, const char *name, cs_error *error) {
    return cs_names_take(names, cs_strdup(name), error);
}

static int compare_names(const void *a, const void *b) {
    char *const *first = a, *const *second = b;
    return strcmp(*first, *second);
}

/* In byte order. */
static void sort_names(cs_names *names) {
    if (names->count) qsort(names->items, names->count, sizeof *names->items, compare_names);
}

void cs_names_free(cs_names *names) {
    for (size_t i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (cs_names)CS_NAMES_EMPTY;
}

static cs_status read_names(DIR *directory, const char *folder, int (*wanted)(const char *name), cs_names *names,
                            cs_error *error) {
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(directory);
        if (!entry && errno) return cs_fail(error, CS_ERR_IO, "%s: cannot list: %s", folder, strerror(errno));
        if (!entry) return CS_OK;
        if (entry->d_name[0] == '.' || !wanted(entry->d_name)) continue;
        cs_status status = cs_names_add(names, entry->d_name, error);
        if (status != CS_OK) return status;
    }
}

cs_status cs_list_folder(const char *folder, int (*wanted)(const char *name), cs_names *names, cs_error *error) {
    DIR *directory = opendir(folder);
    if (!directory) return cs_fail(error, CS_ERR_IO, "%s: cannot open: %s", folder, strerror(errno));
    cs_status status = read_names(directory, folder, wanted, names, error);
    closedir(directory);
    sort_names(names);
    return status;
}

int cs_ends_in(const char *name, const char *end) {
    size_t length = strlen(name), tail = strlen(end);
    return length > tail && strcasecmp(name + length - tail, end) == 0;
}

const char *cs_base_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *cs_folder_of(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = cs_strdup(slash ? path : ".");
    if (folder && slash) folder[slash == path ? 1 : slash - path] = '\0';
    return folder;
}

cs_status cs_find_in(const char *folder, const char *name, int (*is_there)(const char *path), char **path,
                     cs_error *error) {
    char *candidate = name[0] == '/' ? cs_strdup(name) : cs_path_join(folder, name);
    if (!candidate) return cs_fail_memory(error, folder);
    if (is_there(candidate))
        *path = candidate;
    else
        free(candidate);
    return CS_OK;
}

cs_status cs_find_only(const char *folder, int (*wanted)(const char *name), char **path, cs_error *error) {
    cs_names names = CS_NAMES_EMPTY;
    cs_status status = cs_list_folder(folder, wanted, &names, error);
    if (status == CS_OK && names.count > 1)
        status = cs_fail(error, CS_ERR_ARGUMENT, "%s: holds '%.60s' and '%.60s'%s; name the one to be read", folder,
                         names.items[0], names.items[1], names.count > 2 ? " and more" : "");
    if (status == CS_OK && names.count == 1) status = cs_find_in(folder, names.items[0], cs_file_exists, path, error);
    cs_names_free(&names);
    return status;
}

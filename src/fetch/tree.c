#include "fetch/tree.h"

#include <dirent.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

enum { DESCRIPTORS = 16, MAX_DEPTH = 8 };

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info, (void)type, (void)walk;
    remove(path);
    return 0;
}

void cs_remove_tree(const char *path) {
    nftw(path, remove_entry, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
}

static uint64_t bytes_below(const char *path, int depth);

static uint64_t bytes_of(const char *folder, const char *name, int depth) {
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return 0;
    char *path = cs_path_join(folder, name);
    struct stat info;
    uint64_t bytes = 0;
    if (path && stat(path, &info) == 0) {
        if (S_ISREG(info.st_mode)) bytes = (uint64_t)info.st_size;
        if (S_ISDIR(info.st_mode)) bytes = bytes_below(path, depth + 1);
    }
    free(path);
    return bytes;
}

/* The depth is capped for the sake of links that lead in a circle. */
static uint64_t bytes_below(const char *path, int depth) {
    DIR *stream = depth < MAX_DEPTH ? opendir(path) : NULL;
    uint64_t sum = 0;
    for (struct dirent *entry; stream && (entry = readdir(stream));)
        sum += bytes_of(path, entry->d_name, depth);
    if (stream) closedir(stream);
    return sum;
}

uint64_t cs_tree_bytes(const char *path) {
    return bytes_below(path, 0);
}

#include "fetch/tidy.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/error.h"
#include "base/file.h"
#include "fetch/tree.h"

cs_status cs_check_space(const char *root, const char *staging, uint64_t bytes, cs_error *error) {
    struct statvfs info;
    if (statvfs(root, &info) != 0) return CS_OK; /* not known: writing will tell */
    uint64_t have = cs_tree_bytes(staging), room = (uint64_t)info.f_bavail * info.f_frsize;
    uint64_t needed = bytes > have ? bytes - have : 0;
    if (needed <= room) return CS_OK;
    return cs_fail(error, CS_ERR_IO, "%s: %llu more bytes are needed, the file system has room for %llu", root,
                   (unsigned long long)needed, (unsigned long long)room);
}

static int is_planned(const cs_plan *plan, const char *name) {
    for (size_t i = 0; i < plan->count; i++) {
        if (strcmp(plan->files[i].name, name) == 0) return 1;
    }
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

cs_status cs_keep_planned(const char *staging, const cs_plan *plan, cs_error *error) {
    DIR *stream = opendir(staging);
    if (!stream) return cs_fail(error, CS_ERR_IO, "%s: cannot list: %s", staging, strerror(errno));
    for (struct dirent *entry; (entry = readdir(stream));) {
        if (is_planned(plan, entry->d_name)) continue;
        char *path = cs_path_join(staging, entry->d_name);
        if (path) unlink(path);
        free(path);
    }
    closedir(stream);
    return CS_OK;
}

/* Which of the stored photographs that were not found are gone.
 *
 * Removing them costs hours where a disk was merely not mounted, or a folder could not be read for a moment. So a
 * photograph is gone only if the system says that there is no such file, and the nearest folder above it that is there
 * has something else in it: what a disk is mounted on is empty without it. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "index_plan.h"

static int is_no_file(int reason) {
    return reason == ENOENT || reason == ENOTDIR;
}

int index_is_gone(const char *path) {
    struct stat info;
    if (lstat(path, &info) != 0) return is_no_file(errno);
    return !S_ISREG(info.st_mode) && !S_ISLNK(info.st_mode);
}

static int is_below_unread(const index_plan *plan, const char *path) {
    for (size_t i = 0; i < plan->walk.unread.count; i++) {
        const char *folder = plan->walk.unread.items[i];
        size_t length = strlen(folder);
        if (strncmp(path, folder, length) == 0 && (path[length] == '/' || folder[length - 1] == '/')) return 1;
    }
    return 0;
}

/* 1: nothing at all is in it; 0: something is; negative: it cannot be read. */
static int is_empty_folder(const char *path) {
    DIR *folder = opendir(path);
    const struct dirent *entry;
    if (!folder) return -1;
    do {
        errno = 0;
        entry = readdir(folder);
    } while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    int result = entry ? 0 : errno == 0 ? 1 : -1;
    closedir(folder);
    return result;
}

/* Cuts the path down to the nearest thing above it that is there. Returns 0, or why that cannot be told. */
static int cut_to_ancestor(char *path, struct stat *info) {
    for (;;) {
        char *slash = strrchr(path, '/');
        if (!slash) return ENOENT;
        slash[slash == path] = '\0';
        if (lstat(path, info) == 0) return 0;
        if (!is_no_file(errno) || slash == path) return errno;
    }
}

static index_verdict judge_ancestor(const index_plan *plan, index_missing *missing) {
    struct stat info, target;
    char *folder = text_copy(missing->path);
    index_verdict verdict = INDEX_GONE;
    int reason = cut_to_ancestor(folder, &info);
    if (reason != 0)
        verdict = INDEX_KEPT;
    else if (S_ISLNK(info.st_mode) && stat(folder, &target) != 0)
        verdict = plan->prune && is_no_file(errno) ? INDEX_GONE : INDEX_KEPT;
    else if (!plan->prune && !S_ISREG(info.st_mode))
        verdict = (index_verdict[]){INDEX_KEPT, INDEX_GONE, INDEX_DOUBTFUL}[is_empty_folder(folder) + 1];
    if (verdict == INDEX_DOUBTFUL)
        missing->empty_folder = folder;
    else
        free(folder);
    return verdict;
}

void index_judge(index_plan *plan) {
    for (size_t i = 0; i < plan->missing_count; i++) {
        index_missing *missing = &plan->missing[i];
        struct stat info;
        if (is_below_unread(plan, missing->path) || !index_is_gone(missing->path))
            missing->verdict = INDEX_KEPT;
        else if (lstat(missing->path, &info) == 0) /* a folder or a device has taken the name */
            missing->verdict = INDEX_GONE;
        else
            missing->verdict = judge_ancestor(plan, missing);
    }
}

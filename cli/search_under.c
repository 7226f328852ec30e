/* A folder has one path without links, but what an indexed folder has a link to is stored below that link. So the path
 * without links comes first and then, as long as the store has nothing there, those that keep its last parts as they
 * were given. */
#include "search_under.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "path_resolved.h"
#include "say.h"

int search_under_check(const char *folder) {
    struct stat info;
    if (!folder || stat(folder, &info) != 0 || S_ISDIR(info.st_mode)) return STATUS_OK;
    return usage_error("search", "--under: expected a folder, got '%s'", folder);
}

static int stop_at_first(void *context, const cs_store_photo *photo) {
    (void)photo;
    *(int *)context = 1;
    return 1;
}

static cs_status look_below(cs_store *store, const char *prefix, int *has_any, cs_error *error) {
    cs_status status = cs_store_each(store, prefix, stop_at_first, has_any, error);
    return *has_any ? CS_OK : status;
}

/* "./a//b/./c/" -> "a/b/c". Links make "b/.." something else than nothing, so that these stay. */
static char *without_idle_parts(const char *path) {
    char *clean = text_copy(path[0] == '/' ? "/" : "");
    for (size_t length; *path; path += length) {
        path += strspn(path, "/");
        length = strcspn(path, "/");
        if (length == 0 || (length == 1 && path[0] == '.')) continue;
        char *part = text_format("%.*s", (int)length, path), *longer = path_join(clean, part);
        free(part);
        free(clean);
        clean = longer;
    }
    return clean;
}

/* The prefix of `path`, of which what begins at `kept` stays as it is. */
static char *prefix_keeping(const char *path, size_t kept) {
    char *head = text_format("%.*s", (int)kept, path), *above = path_resolved_folder(head[0] ? head : ".");
    char *whole = path_join(above, path + kept), *prefix = path_join(whole, "");
    free(whole);
    free(above);
    free(head);
    return prefix;
}

/* Where the part before `end` begins. */
static size_t part_before(const char *path, size_t end) {
    while (end > 0 && path[end - 1] == '/')
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    return end;
}

static int is_up(const char *part) {
    return strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0');
}

cs_status search_under(cs_store *store, const char *folder, char **prefix, cs_error *error) {
    char *path = without_idle_parts(folder), *found = prefix_keeping(path, strlen(path));
    int has_any = 0;
    cs_status status = look_below(store, found, &has_any, error);
    for (size_t kept = strlen(path); status == CS_OK && !has_any && kept > 0;) {
        kept = part_before(path, kept);
        if (is_up(path + kept)) break;
        char *other = prefix_keeping(path, kept);
        status = look_below(store, other, &has_any, error);
        if (has_any) {
            free(found);
            found = other;
        } else {
            free(other);
        }
    }
    free(path);
    if (status == CS_OK)
        *prefix = found;
    else
        free(found);
    return status;
}

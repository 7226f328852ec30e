#include "path_resolved.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

static char *without_last_slashes(const char *path) {
    char *copy = text_copy(path);
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = '\0';
    return copy;
}

/* Takes over the folder, which has no slash at its end. */
static char *folder_above(char *folder) {
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = '\0';
    return folder;
}

char *path_resolved_folder(const char *folder) {
    char *real = realpath(folder, NULL);
    if (real) return real;
    return strcmp(folder, ".") == 0 ? text_copy(folder) : path_resolved(folder);
}

char *path_resolved(const char *path) {
    char *clean = without_last_slashes(path), *folder = path_folder(clean);
    char *above = path_resolved_folder(folder[0] ? folder : "."), *resolved = above;
    const char *name = path_name(clean);
    if (strcmp(name, "..") == 0)
        resolved = folder_above(above);
    else if (strcmp(name, ".") != 0)
        resolved = path_join(above, name);
    if (resolved != above) free(above);
    free(folder);
    free(clean);
    return resolved;
}

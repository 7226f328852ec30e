#include "public_name.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* "owner/name" is a path only where there is such a folder. */
static int is_path(const char *name) {
    struct stat info;
    return strchr("/.~", name[0]) || (stat(name, &info) == 0 && S_ISDIR(info.st_mode));
}

void public_name(const char *name, char *room, size_t size) {
    size_t end = strlen(name);
    while (end > 0 && name[end - 1] == '/')
        end--;
    size_t begin = is_path(name) ? end : 0;
    while (begin > 0 && name[begin - 1] != '/')
        begin--;
    snprintf(room, size, "%.*s", (int)(end - begin), name + begin);
    if (room[strspn(room, ".")] == '\0') snprintf(room, size, "model");
}

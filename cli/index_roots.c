#include "index_roots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path_resolved.h"
#include "photos.h"
#include "say.h"

/* Takes in what the operand names; returns NULL, or why that cannot be indexed. */
static const char *resolve(const char *operand, index_root *root) {
    struct stat info;
    int reason = stat(operand, &info) == 0 ? 0 : errno;
    int is_other = reason == 0 && !S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode);
    *root = (index_root){.is_absent = reason == ENOENT || reason == ENOTDIR,
                         .is_folder = reason == 0 && S_ISDIR(info.st_mode)};
    root->path = root->is_folder ? folder_resolved(operand) : path_resolved(operand);
    if (is_other) return "is neither a folder nor a file: a pipe or a device has no place to be found at again";
    return reason ? strerror(reason) : NULL;
}

/* By path, but what lies below a folder right behind it. */
static int compare_roots(const void *a, const void *b) {
    const char *first = ((const index_root *)a)->path, *second = ((const index_root *)b)->path;
    while (*first && *first == *second)
        first++, second++;
    int one = *first == '/' ? 1 : (unsigned char)*first, other = *second == '/' ? 1 : (unsigned char)*second;
    return *first == *second ? 0 : one - other;
}

static int is_inside(const index_root *root, const index_root *top) {
    size_t length = strlen(top->path);
    if (strncmp(root->path, top->path, length) != 0) return 0;
    return root->path[length] == '\0' ||
           (top->is_folder && (root->path[length] == '/' || top->path[length - 1] == '/'));
}

static void mark_inside(index_roots *roots) {
    const index_root *top = NULL;
    for (size_t i = 0; i < roots->count; i++) {
        index_root *root = &roots->items[i];
        root->is_inside = top && is_inside(root, top);
        if (!root->is_inside) top = root;
    }
}

int index_roots_resolve(index_roots *roots, const text_list *operands, int prune) {
    int status = STATUS_OK;
    *roots = (index_roots){memory_grow(NULL, operands->count, sizeof *roots->items), 0};
    for (size_t i = 0; i < operands->count; i++) {
        index_root *root = &roots->items[roots->count];
        const char *reason = resolve(operands->items[i], root);
        if (!reason || (root->is_absent && prune)) {
            roots->count++;
            continue;
        }
        complain("%s: %s", operands->items[i], reason);
        status = STATUS_FAILURE;
        free(root->path);
    }
    if (roots->count > 1) qsort(roots->items, roots->count, sizeof *roots->items, compare_roots);
    mark_inside(roots);
    return status;
}

int index_roots_are_there(const index_roots *roots) {
    for (size_t i = 0; i < roots->count; i++)
        if (!roots->items[i].is_absent) return 1;
    return 0;
}

char *index_root_prefix(const index_root *root) {
    return root->is_folder ? path_join(root->path, "") : text_copy(root->path);
}

void index_roots_free(index_roots *roots) {
    for (size_t i = 0; i < roots->count; i++)
        free(roots->items[i].path);
    free(roots->items);
    *roots = (index_roots){NULL, 0};
}

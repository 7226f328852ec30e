#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "say.h"

_Noreturn void memory_exhausted(void) {
    complain("out of memory");
    exit(STATUS_FAILURE);
}

void *memory_grow(void *block, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size) memory_exhausted();
    size_t bytes = count * size;
    void *grown = realloc(block, bytes > 0 ? bytes : 1);
    if (!grown) memory_exhausted();
    return grown;
}

void *memory_room(void *block, size_t count, size_t *capacity, size_t size) {
    if (count < *capacity) return block;
    *capacity = *capacity ? *capacity * 2 : 16;
    return memory_grow(block, *capacity, size);
}

char *text_copy(const char *text) {
    char *copy = strdup(text);
    if (!copy) memory_exhausted();
    return copy;
}

char *text_format(const char *format, ...) {
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0) memory_exhausted();
    return text;
}

char *path_join(const char *folder, const char *name) {
    size_t length = strlen(folder);
    int slash = length > 0 && folder[length - 1] != '/';
    return text_format("%s%s%s", folder, slash ? "/" : "", name);
}

const char *path_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_folder(const char *path) {
    char *folder = text_copy(path);
    folder[path_name(path) - path] = '\0';
    return folder;
}

const char *path_ending(const char *path) {
    const char *name = path_name(path);
    const char *dot = strrchr(name, '.');
    return dot && dot != name ? dot : name + strlen(name);
}

void text_list_add(text_list *list, char *owned) {
    list->items = memory_room(list->items, list->count, &list->capacity, sizeof *list->items);
    list->items[list->count++] = owned;
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void text_list_sort(text_list *list) {
    if (list->count > 1) qsort(list->items, list->count, sizeof *list->items, compare_texts);
}

void text_list_free(text_list *list) {
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (text_list){NULL, 0, 0};
}

#include "handles.h"

#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

typedef struct handle {
    char digits[HANDLE_DIGITS + 1];
    char *path; /* NULL: not in use */
} handle;

/* Two trees lead to the same items: from the path, and from the digits. */
struct handle_table {
    handle items[HANDLES_KEPT];
    size_t next; /* the oldest, once all are in use */
    void *by_path, *by_digits;
};

static int compare_paths(const void *left, const void *right) {
    return strcmp(((const handle *)left)->path, ((const handle *)right)->path);
}

static int compare_digits(const void *left, const void *right) {
    return strcmp(((const handle *)left)->digits, ((const handle *)right)->digits);
}

handle_table *handles_create(void) {
    return calloc(1, sizeof(handle_table));
}

static void forget(handle_table *table, handle *item) {
    if (!item->path) return;
    tdelete(item, &table->by_path, compare_paths);
    tdelete(item, &table->by_digits, compare_digits);
    free(item->path);
    item->path = NULL;
}

void handles_destroy(handle_table *table) {
    for (size_t i = 0; table && i < HANDLES_KEPT; i++)
        forget(table, &table->items[i]);
    free(table);
}

static int make_digits(char digits[HANDLE_DIGITS + 1]) {
    unsigned char bytes[HANDLE_DIGITS / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return 0;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(digits + 2 * i, 3, "%02x", bytes[i]);
    return 1;
}

static int insert(handle_table *table, handle *item) {
    if (!tsearch(item, &table->by_path, compare_paths)) return 0;
    if (tsearch(item, &table->by_digits, compare_digits)) return 1;
    tdelete(item, &table->by_path, compare_paths);
    return 0;
}

const char *handles_give(handle_table *table, const char *path) {
    handle wanted = {.path = (char *)(uintptr_t)path};
    void *found = tfind(&wanted, &table->by_path, compare_paths);
    if (found) return (*(handle **)found)->digits;
    handle *item = &table->items[table->next];
    forget(table, item);
    size_t size = strlen(path) + 1;
    item->path = malloc(size);
    if (item->path) memcpy(item->path, path, size);
    if (!item->path || !make_digits(item->digits) || !insert(table, item)) {
        free(item->path);
        item->path = NULL;
        return NULL;
    }
    table->next = (table->next + 1) % HANDLES_KEPT;
    return item->digits;
}

const char *handles_find(const handle_table *table, const char *digits) {
    handle wanted = {.path = NULL};
    if (strlen(digits) != HANDLE_DIGITS) return NULL;
    memcpy(wanted.digits, digits, HANDLE_DIGITS + 1);
    void *found = tfind(&wanted, &table->by_digits, compare_digits);
    return found ? (*(handle **)found)->path : NULL;
}

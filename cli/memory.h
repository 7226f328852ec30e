/* Memory and strings of the command. Running out of memory ends the process with status 1: at no point between two
 * calls of the library is a file half-written, so nothing has to be cleaned up. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stddef.h>

/* Says so and ends the process. */
_Noreturn void memory_exhausted(void);

/* realloc() that does not return on failure. */
void *memory_grow(void *block, size_t count, size_t size);

/* For a growing array: the block with room for one more item behind `count`, moved where need be. */
void *memory_room(void *block, size_t count, size_t *capacity, size_t size);

char *text_copy(const char *text);
char *text_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "folder/name" without doubling a slash. */
char *path_join(const char *folder, const char *name);

/* The part behind the last slash. */
const char *path_name(const char *path);

/* What is before that, with its slash: "a/b.png" -> "a/", "b.png" -> "". The caller frees it. */
char *path_folder(const char *path);

/* Where the ending (".jpg") begins: the last dot of the last part, unless it comes first in it; else the end. */
const char *path_ending(const char *path);

/* A growing list of owned strings. */
typedef struct text_list {
    char **items;
    size_t count, capacity;
} text_list;

void text_list_add(text_list *list, char *owned);
void text_list_sort(text_list *list);
void text_list_free(text_list *list);

#endif

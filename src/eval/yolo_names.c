#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "eval/yolo_yaml.h"

/* The part of a line without white space around it, as a new string; NULL where memory is short. */
static char *trimmed(const char *begin, const char *end) {
    static const char space[] = " \t\r";
    while (begin < end && memchr(space, *begin, 3))
        begin++;
    while (end > begin && memchr(space, end[-1], 3))
        end--;
    size_t length = (size_t)(end - begin);
    char *copy = cs_alloc(length + 1, 1);
    if (!copy) return NULL;
    memcpy(copy, begin, length);
    copy[length] = '\0';
    return copy;
}

/* A line's number is its class's: an empty one would be a class without a name. Those at the end are no lines. */
static const char *end_of_names(const char *text, size_t size) {
    while (size > 0 && memchr(" \t\r\n", text[size - 1], 4))
        size--;
    return text + size;
}

cs_status cs_yolo_parse_names(const char *text, size_t size, const char *path, cs_class_list *classes,
                              cs_error *error) {
    const char *end = end_of_names(text, size);
    if (memchr(text, '\0', size)) return cs_fail(error, CS_ERR_FORMAT, "%s: expected a text file", path);
    for (const char *at = text; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        char *name = trimmed(at, line_end ? line_end : end);
        if (name && !*name) {
            free(name);
            return cs_fail(error, CS_ERR_FORMAT, "%s:%zu: expected the name of a class, found an empty line", path,
                           classes->count + 1);
        }
        cs_status status = cs_class_list_take(classes, (int64_t)classes->count, name, error);
        if (status != CS_OK) return status;
        at = line_end ? line_end + 1 : end;
    }
    if (!classes->count) return cs_fail(error, CS_ERR_FORMAT, "%s: expected the names of classes, found none", path);
    return CS_OK;
}

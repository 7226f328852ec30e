#include "eval_json.h"

#include <stdlib.h>

#include "json_text.h"
#include "memory.h"

json_t *eval_json_text(const char *text) {
    char *quoted = json_text(text);
    json_t *string = json_loads(quoted, JSON_DECODE_ANY, NULL);
    if (!string) memory_exhausted();
    free(quoted);
    return string;
}

void eval_json_add(json_t *array, json_t *value) {
    if (json_array_append_new(array, value) != 0) memory_exhausted();
}

char *eval_json_line(const json_t *object, size_t flags) {
    char *line = object ? json_dumps(object, flags) : NULL;
    if (!line) memory_exhausted();
    char *text = text_format("%s\n", line);
    free(line);
    return text;
}

/* JSON of eval by jansson. Running out of memory ends the process (memory.h), so that nothing is missing unnoticed. */
#ifndef CLI_EVAL_JSON_H
#define CLI_EVAL_JSON_H

#include <jansson.h>

/* A name or a prompt, which may be any bytes, as a JSON string, which may not (json_text.h). */
json_t *eval_json_text(const char *text);

/* Appends the value, which may be NULL where its memory is short. Takes it over. */
void eval_json_add(json_t *array, json_t *value);

/* The object, which may be NULL where its memory is short, and a line end. flags: of jansson. The caller frees it. */
char *eval_json_line(const json_t *object, size_t flags);

#endif

/* Typed access to the members of a JSON document, with messages that say where. */
#ifndef CS_TEXT_JSON_FIELDS_H
#define CS_TEXT_JSON_FIELDS_H

#include <jansson.h>

#include "clipsight.h"

/* Parses a document whose root is an object. *root is released with json_decref(). */
cs_status cs_json_parse(const char *data, size_t size, const char *name, json_t **root, cs_error *error);

/* A member that must be there with this type (borrowed). `where` names the object ("model"), "" the root. */
cs_status cs_json_member(const json_t *object, const char *where, const char *key, json_type type, const char *name,
                         json_t **member, cs_error *error);

/* "an object", "a string", ... */
const char *cs_json_type_name(const json_t *value);

/* Plain questions about a member; a missing one answers 0. */
int cs_json_is(const json_t *object, const char *key, const char *string);
int cs_json_is_true(const json_t *object, const char *key);

#endif

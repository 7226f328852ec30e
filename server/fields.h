/* The named values of a request: those of the query, and those of the body where it is a form. */
#ifndef SERVER_FIELDS_H
#define SERVER_FIELDS_H

#include <stddef.h>

/* Texts end with a zero byte, and belong to the request's memory. */
typedef struct web_field {
    const char *name;
    char *value; /* [size], and a zero byte behind it */
    size_t size;
    const char *file_name; /* NULL: not a file */
    int of_query;
} web_field;

enum { MAX_FIELDS = 1024 };

typedef struct field_list {
    web_field *items;
    size_t count, capacity;
} field_list;

typedef enum fields_status {
    FIELDS_OK = 0,
    FIELDS_MALFORMED,
    FIELDS_TOO_MANY, /* more than MAX_FIELDS */
    FIELDS_NO_MEMORY
} fields_status;

fields_status fields_add(field_list *list, web_field added);
void fields_free(field_list *list);

/* multipart/form-data (RFC 7578). The values are ended in place: body [size] is changed. */
fields_status fields_parse_multipart(field_list *list, char *body, size_t size, const char *boundary);

/* application/x-www-form-urlencoded, decoded in place; text [size] has a zero byte behind it. of_query: of the fields.
 */
fields_status fields_parse_urlencoded(field_list *list, char *text, size_t size, int of_query);

#endif

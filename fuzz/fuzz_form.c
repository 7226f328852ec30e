/* libFuzzer entry: the first byte chooses between a form, a query and headers. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fields.h"
#include "media.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every field lies within the body, and ends with a zero byte. */
static void check(const field_list *list, const char *body, size_t size) {
    for (size_t i = 0; i < list->count; i++) {
        const web_field *field = &list->items[i];
        if (field->value < body || field->value + field->size > body + size || field->value[field->size] != '\0')
            abort();
        if (field->name < body || field->name + strlen(field->name) > body + size) abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 1) return 0;
    char *body = malloc(size), boundary[80] = "b";
    if (!body) abort();
    memcpy(body, data + 1, --size);
    body[size] = '\0';
    field_list list = {NULL, 0, 0};
    if (data[0] % 3 == 0) fields_parse_multipart(&list, body, size, boundary);
    if (data[0] % 3 == 1) fields_parse_urlencoded(&list, body, size, 0);
    check(&list, body, size);
    if (data[0] % 3 == 2) {
        media_kind_of(body);
        media_boundary(body, boundary, sizeof boundary);
        media_accepted(body, "image/png", 0);
    }
    fields_free(&list);
    free(body);
    return 0;
}

/* JSON values that are valid whatever they are made from. NULL stands for "memory ran short" and spreads: json_pack()
 * with a NULL part, or an array to which a NULL was added, is NULL too, so only the end needs a check. */
#ifndef CS_REPORT_JSON_H
#define CS_REPORT_JSON_H

#include <jansson.h>

#include "clipsight.h"

/* A string with U+FFFD for every byte that is no UTF-8. */
json_t *cs_json_text(const char *text);

/* null where the value is not finite, which JSON cannot say. */
json_t *cs_json_number(double value);

/* [x, y, width, height] in hundredths of a pixel. */
json_t *cs_json_box(const cs_detection *box);

/* {"label", "score", "box"}; label: the prompt's. */
json_t *cs_json_detection(const char *label, const cs_detection *box);

/* Adds a value (taken over) to *array; where that fails the array is released and *array becomes NULL. */
void cs_json_add(json_t **array, json_t *value);

/* The root (taken over, may be NULL) on one line that ends with a newline. */
cs_status cs_json_finish(json_t *root, char **text, cs_error *error);

#endif

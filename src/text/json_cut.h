/* Takes model.vocab and model.merges out of a tokenizer.json, so that jansson gets the short rest only. */
#ifndef CS_TEXT_JSON_CUT_H
#define CS_TEXT_JSON_CUT_H

#include "base/strbuf.h"

/* Offsets of a value in the file; first == end where it was not found. */
typedef struct cs_json_span {
    size_t first, end;
} cs_json_span;

/* Appends the document to `rest` with {} for model.vocab and [] for model.merges, all lines kept. A value of another
 * kind, or one without an end, stays where it is: jansson will tell. */
cs_status cs_json_cut(const char *data, size_t size, cs_strbuf *rest, cs_json_span *vocabulary, cs_json_span *merges,
                      cs_error *error);

#endif

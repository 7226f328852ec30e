/* The two long lists of a tokenizer: tokens with ids, and merges. */
#ifndef CS_TEXT_JSON_LISTS_H
#define CS_TEXT_JSON_LISTS_H

#include "text/json_cut.h"
#include "text/parts.h"

/* {"token": id, ...} at a span of a file. */
cs_status cs_build_json_vocabulary(cs_builder *builder, const char *data, cs_json_span span);

/* [["a", "b"], ...] of newer files, or ["a b", ...] of older ones. */
cs_status cs_build_json_merges(cs_builder *builder, const char *data, cs_json_span span);

#endif

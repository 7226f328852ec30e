/* Checks that a tokenizer.json asks for CLIP's rules, since no others are built in. */
#ifndef CS_TEXT_JSON_RULES_H
#define CS_TEXT_JSON_RULES_H

#include <jansson.h>

#include "clipsight.h"
#include "text/split.h"

/* Looks at normalizer, pre_tokenizer and the model's options; anything unknown is CS_ERR_UNSUPPORTED by name. */
cs_status cs_json_rules(const json_t *root, const json_t *model, const char *name, cs_split_rules *rules,
                        cs_error *error);

#endif

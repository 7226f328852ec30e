/* Texts as embeddings. */
#ifndef CLI_EMBED_TEXTS_H
#define CLI_EMBED_TEXTS_H

#include "clipsight.h"

/* Embeds them in place of the template's "{}" (NULL: as they are). out: [n, dim] */
cs_status texts_embed(cs_model *model, const char *const *texts, size_t n, const char *text_template, float *out,
                      cs_error *error);

#endif

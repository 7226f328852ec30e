/* The texts of `clipsight embed`. */
#ifndef CLI_EMBED_TEXTS_H
#define CLI_EMBED_TEXTS_H

#include "clipsight.h"
#include "settings.h"

/* Those of --text, then the lines of --texts. Returns STATUS_OK, or STATUS_FAILURE after saying what is wrong. */
int texts_collect(const cli_settings *settings, text_list *texts);

/* Embeds them in place of the template's "{}" (NULL: as they are). out: [n, dim] */
cs_status texts_embed(cs_model *model, const char *const *texts, size_t n, const char *text_template, float *out,
                      cs_error *error);

#endif

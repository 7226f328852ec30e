/* CLIP's normalisation: NFC, each run of white space to one space, lower case. */
#ifndef CS_TEXT_NORMALIZE_H
#define CS_TEXT_NORMALIZE_H

#include "base/strbuf.h"

/* Appends the normalised form of valid UTF-8 to `out`. */
cs_status cs_normalize(const char *text, size_t length, cs_strbuf *out, cs_error *error);

#endif

/* The sheet of `clipsight search`: a picture of what was found. */
#ifndef CLI_SEARCH_SHEET_H
#define CLI_SEARCH_SHEET_H

#include "clipsight_tools.h"
#include "search_look.h"
#include "search_query.h"

/* "png", "jpg" or "webp", by the name's ending, which is one of a picture; NULL: "png". */
const char *search_sheet_kind(const char *name);

/* The bytes of a picture of this kind; released with cs_string_free(). */
cs_status search_sheet_make(const search_query *query, const cs_hits *hits, const search_look *look,
                            const cs_store_info *store, const char *kind, char **bytes, size_t *size, cs_error *error);

#endif

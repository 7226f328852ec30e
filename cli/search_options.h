/* What `clipsight search` can be told. */
#ifndef CLI_SEARCH_OPTIONS_H
#define CLI_SEARCH_OPTIONS_H

#include "options.h"

/* A format beside those of the library. */
enum { FORMAT_SHEET = 100 };

/* Ends with NULL. */
extern const option_group *const SEARCH_GROUPS[];

#endif

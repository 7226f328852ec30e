/* The folder of --under, as the store has it. */
#ifndef CLI_SEARCH_UNDER_H
#define CLI_SEARCH_UNDER_H

#include "clipsight_tools.h"

/* STATUS_OK, or wrong usage, reported: it is no folder. A folder that is gone may still have photographs in the store.
 * folder: NULL: not given. */
int search_under_check(const char *folder);

/* What the paths of its photographs begin with; to be freed. */
cs_status search_under(cs_store *store, const char *folder, char **prefix, cs_error *error);

#endif

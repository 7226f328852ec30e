/* Around the staging folder: room for it, and order in it. */
#ifndef CS_FETCH_TIDY_H
#define CS_FETCH_TIDY_H

#include "fetch/plan.h"

/* An error where the file system of `root` has no room for `bytes` less what `staging` holds already. */
cs_status cs_check_space(const char *root, const char *staging, uint64_t bytes, cs_error *error);

/* Deletes what is not planned: remains of other revisions. */
cs_status cs_keep_planned(const char *staging, const cs_plan *plan, cs_error *error);

#endif

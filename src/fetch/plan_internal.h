/* What the parts of the plan share. */
#ifndef CS_FETCH_PLAN_INTERNAL_H
#define CS_FETCH_PLAN_INTERNAL_H

#include "fetch/plan.h"

/* Adds a file that the listing has. */
cs_status cs_plan_add(const cs_listing *listing, const char *name, cs_plan *plan, cs_error *error);

#endif

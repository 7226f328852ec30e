/* Comparing a map of relevance. */
#ifndef CS_CHECK_CHECK_MAP_H
#define CS_CHECK_CHECK_MAP_H

#include "check/goldens.h"
#include "check/reporter.h"

/* One line: the cell that is furthest off. */
cs_status cs_check_map(cs_model *model, const cs_golden *golden, const cs_prompts *prompts, const cs_image *image,
                       cs_reporter *reporter, cs_error *error);

#endif

/* What was found: scored by one rule, ordered by one rule, whatever kind of store it came from. */
#ifndef CS_STORE_HITS_H
#define CS_STORE_HITS_H

#include "clipsight_tools.h"

/* The score of a photograph with these cosines [n]: sum of weight * cosine, divided by the sum of the positive weights.
 * Computed in double and rounded once. NaN where a cosine is. */
float cs_hits_score(const cs_query *queries, size_t n, const float *cosines);

/* No hits yet. The queries [n] have to stay until cs_hits_rank(). */
cs_status cs_hits_create(const cs_query *queries, size_t n, cs_hits **hits, cs_error *error);

/* Scores a photograph and adds it, if its score is a number. Fields are copied; score is not looked at. */
cs_status cs_hits_add(cs_hits *hits, const cs_hit *found, cs_error *error);

/* Puts them in order, score falling and then path rising, and leaves out those below the minimum and beyond the top. */
void cs_hits_rank(cs_hits *hits, const cs_search_options *options);

#endif

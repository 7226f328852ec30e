/* What a status code means to somebody who wants a model. */
#ifndef CS_FETCH_HTTP_REFUSAL_H
#define CS_FETCH_HTTP_REFUSAL_H

#include "clipsight.h"

/* True for codes that may be gone at the next try. */
int cs_http_may_pass(long code);

/* The error for a code other than 200 and 206. */
cs_status cs_http_refusal(long code, const char *what, const char *url, int has_token, cs_error *error);

#endif

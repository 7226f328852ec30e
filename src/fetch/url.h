/* The hub's URLs. Each function returns a new string, or NULL where memory is short. */
#ifndef CS_FETCH_URL_H
#define CS_FETCH_URL_H

#include "clipsight.h"

/* ENDPOINT/api/models/OWNER/NAME/revision/REVISION?blobs=true: the commit, and the files with sizes and hashes. */
char *cs_url_listing(const char *endpoint, const char *name, const char *revision);

/* ENDPOINT/OWNER/NAME/resolve/REVISION/FILE */
char *cs_url_file(const char *endpoint, const char *name, const char *revision, const char *file);

/* True if scheme, host and port are the same: what a token may follow. */
int cs_url_same_origin(const char *a, const char *b);

/* True for http:// and https:// with a host. */
int cs_url_is_http(const char *url);

/* True if going from one to the other would give up encryption. */
int cs_url_is_downgrade(const char *from, const char *to);

#endif

/* One GET, with redirects, retries and waiting in between. Knows nothing of models. */
#ifndef CS_FETCH_HTTP_H
#define CS_FETCH_HTTP_H

#include <curl/curl.h>

#include "clipsight.h"

typedef struct cs_http {
    CURL *curl;
    const char *endpoint;
    const char *token; /* goes to the endpoint's scheme, host and port only; NULL: none */
    int tries;
    double pause_seconds;
    int stall_seconds;
    int (*poll)(void *context); /* called often; non-zero cancels */
    void *context;
} cs_http;

/* Of the last response, not of the redirects before it. */
typedef struct cs_http_reply {
    long code;
    char etag[160];         /* with its quotes; "" where there was none, or a weak one (no use for resuming) */
    char content_range[80]; /* "bytes 100-199/200" */
    long retry_after;       /* seconds; 0: not said */
} cs_http_reply;

/* Where the body goes, and where it may go on after a broken try. All but `bytes` and `complete` may be NULL. */
typedef struct cs_http_body {
    void *context;
    /* Before each try: how many bytes are there already, and the ETag they came with ("": unknown). */
    cs_status (*resume)(void *context, uint64_t *offset, const char **etag, cs_error *error);
    /* Once the response is known to be 200, 206 or 416, before its first byte. */
    cs_status (*begin)(void *context, const cs_http_reply *reply, cs_error *error);
    cs_status (*bytes)(void *context, const char *data, size_t size, cs_error *error);
    /* False where the body ended too early without the connection saying so. */
    int (*complete)(void *context);
} cs_http_body;

cs_status cs_http_open(cs_http *http, cs_error *error);
void cs_http_close(cs_http *http);

/* Errors say `what` was wanted. Connections that break, 5xx, 408 and 429 are tried again, `tries` times in a row
 * without a byte of progress; other refusals are final. */
cs_status cs_http_get(cs_http *http, const char *url, const char *what, const cs_http_body *body, cs_error *error);

/* The whole body as a string of at most `limit` bytes, NUL-terminated; free() it. */
cs_status cs_http_get_text(cs_http *http, const char *url, const char *what, size_t limit, char **text,
                           cs_error *error);

#endif

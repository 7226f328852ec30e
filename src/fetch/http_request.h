/* One try of a GET over libcurl. */
#ifndef CS_FETCH_HTTP_REQUEST_H
#define CS_FETCH_HTTP_REQUEST_H

#include "fetch/http.h"

typedef struct cs_http_request {
    cs_http *http;
    const cs_http_body *body;
    uint64_t offset;  /* first byte asked for */
    const char *etag; /* of what is there already */
    cs_http_reply reply;
    uint64_t received; /* bytes of the body in this try */
    int begun;         /* body->begin was called */
    cs_status status;  /* of the body's own functions */
    cs_error error;
} cs_http_request;

/* Follows redirects. CS_OK: a response came, whatever its code. *again: a further try may help. */
cs_status cs_http_perform(cs_http_request *request, const char *url, const char *what, int *again, cs_error *error);

#endif

#include "fetch/http_request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "fetch/url.h"

enum { MAX_REDIRECTS = 8, CONNECT_SECONDS = 20, LEAST_BYTES_PER_SECOND = 64 };

/* If a header line is this field, its value without the space around it goes to out; a longer one is left out. */
static int take_field(const char *line, size_t length, const char *name, char *out, size_t capacity) {
    size_t skip = strlen(name);
    if (length < skip || strncasecmp(line, name, skip) != 0) return 0;
    while (skip < length && (line[skip] == ' ' || line[skip] == '\t'))
        skip++;
    while (length > skip && strchr(" \t\r\n", line[length - 1]))
        length--;
    if (length - skip >= capacity) return 1;
    memcpy(out, line + skip, length - skip);
    out[length - skip] = '\0';
    return 1;
}

static size_t on_header(char *line, size_t unit, size_t count, void *context) {
    cs_http_request *request = context;
    cs_http_reply *reply = &request->reply;
    size_t length = unit * count;
    char retry[16] = "";
    if (length > 5 && strncmp(line, "HTTP/", 5) == 0) *reply = (cs_http_reply){0}; /* the next response of the chain */
    if (take_field(line, length, "etag:", reply->etag, sizeof reply->etag) && reply->etag[0] != '"')
        reply->etag[0] = '\0';
    take_field(line, length, "content-range:", reply->content_range, sizeof reply->content_range);
    if (take_field(line, length, "retry-after:", retry, sizeof retry)) reply->retry_after = strtol(retry, NULL, 10);
    return length;
}

/* Reads the code, and tells the body once; bodies of refusals and redirects are dropped. */
static int begin(cs_http_request *request) {
    long code = 0;
    curl_easy_getinfo(request->http->curl, CURLINFO_RESPONSE_CODE, &code);
    request->reply.code = code;
    int wanted = code == 200 || code == 206 || code == 416;
    if (!request->begun && wanted && request->body->begin)
        request->status = request->body->begin(request->body->context, &request->reply, &request->error);
    if (wanted) request->begun = 1;
    return code == 200 || code == 206;
}

static size_t on_body(char *data, size_t unit, size_t count, void *context) {
    cs_http_request *request = context;
    size_t size = unit * count;
    int is_wanted = begin(request);
    if (is_wanted && request->status == CS_OK) {
        request->status = request->body->bytes(request->body->context, data, size, &request->error);
        request->received += size;
    }
    return request->status == CS_OK ? size : 0; /* 0 makes libcurl give up */
}

static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d) {
    (void)a, (void)b, (void)c, (void)d;
    const cs_http *http = context;
    return http->poll && http->poll(http->context);
}

static int add_header(struct curl_slist **list, const char *name, const char *value) {
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    cs_strbuf_printf(&buffer, "%s: %s", name, value);
    struct curl_slist *longer = buffer.failed ? NULL : curl_slist_append(*list, buffer.data);
    cs_strbuf_free(&buffer);
    if (longer) *list = longer;
    return longer != NULL;
}

/* Redirects are followed by hand, so that the token is decided on afresh for each address. */
static int make_headers(const cs_http_request *request, const char *url, struct curl_slist **list) {
    const cs_http *http = request->http;
    char range[48];
    snprintf(range, sizeof range, "bytes=%llu-", (unsigned long long)request->offset);
    int made = 1;
    if (http->token && cs_url_same_origin(url, http->endpoint)) {
        char *bearer = cs_alloc(strlen(http->token) + 8, 1);
        if (bearer) sprintf(bearer, "Bearer %s", http->token);
        made = bearer && add_header(list, "Authorization", bearer);
        free(bearer);
    }
    if (request->offset > 0) made = made && add_header(list, "Range", range);
    /* whoever has another file by now sends the whole of it instead of a part that does not fit */
    if (request->offset > 0 && request->etag[0]) made = made && add_header(list, "If-Range", request->etag);
    return made;
}

static void set_options(cs_http_request *request, const char *url, struct curl_slist *headers, char *message) {
    CURL *curl = request->http->curl;
    curl_easy_reset(curl); /* keeps the connections */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "clipsight");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, (long)LEAST_BYTES_PER_SECOND);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)request->http->stall_seconds);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, request);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, request);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request->http);
}

/* What a further try cannot mend. */
static int is_final(CURLcode result) {
    switch (result) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_OUT_OF_MEMORY:
        return 1;
    default:
        return 0;
    }
}

static cs_status explain(const cs_http_request *request, CURLcode result, const char *message, const char *what,
                         int *again, cs_error *error) {
    if (request->status != CS_OK) return cs_fail(error, request->status, "%s", request->error.message);
    if (result == CURLE_ABORTED_BY_CALLBACK) return cs_fail(error, CS_ERR_CANCELLED, "%s: stopped", what);
    if (result == CURLE_OUT_OF_MEMORY) return cs_fail_memory(error, what);
    /* nobody there at all is more likely a wrong address than a server that will be back */
    int nobody = result == CURLE_COULDNT_CONNECT && request->offset == 0;
    *again = !nobody && !is_final(result);
    return cs_fail(error, CS_ERR_IO, "%s: %s", what, message[0] ? message : curl_easy_strerror(result));
}

static cs_status perform_one(cs_http_request *request, const char *url, const char *what, int *again, cs_error *error) {
    char message[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = NULL;
    request->reply = (cs_http_reply){0};
    request->begun = 0;
    request->status = CS_OK;
    CURLcode result = CURLE_OUT_OF_MEMORY;
    if (make_headers(request, url, &headers)) {
        set_options(request, url, headers, message);
        result = curl_easy_perform(request->http->curl);
    }
    curl_slist_free_all(headers);
    if (result == CURLE_OK) begin(request); /* an empty body calls nothing */
    if (result == CURLE_OK && request->status == CS_OK) return CS_OK;
    return explain(request, result, message, what, again, error);
}

static int is_redirect(long code) {
    return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
}

/* The address that the last response points to, as a copy: libcurl's own is gone with the next request. */
static cs_status next_address(const cs_http_request *request, const char *url, const char *what, char **next,
                              cs_error *error) {
    char *target = NULL;
    curl_easy_getinfo(request->http->curl, CURLINFO_REDIRECT_URL, &target);
    if (!target || !cs_url_is_http(target))
        return cs_fail(error, CS_ERR_FORMAT, "%s: the server redirects to no address of the web", what);
    if (cs_url_is_downgrade(url, target))
        return cs_fail(error, CS_ERR_FORMAT, "%s: the server redirects from https to plain http; not followed", what);
    *next = cs_strdup(target);
    return *next ? CS_OK : cs_fail_memory(error, what);
}

cs_status cs_http_perform(cs_http_request *request, const char *url, const char *what, int *again, cs_error *error) {
    char *current = cs_strdup(url);
    if (!current) return cs_fail_memory(error, what);
    cs_status status = CS_OK;
    for (int hops = 0;; hops++) {
        status = perform_one(request, current, what, again, error);
        if (status != CS_OK || !is_redirect(request->reply.code)) break;
        char *next = NULL;
        status = hops < MAX_REDIRECTS
                     ? next_address(request, current, what, &next, error)
                     : cs_fail(error, CS_ERR_FORMAT, "%s: more than %d redirects", what, MAX_REDIRECTS);
        if (status != CS_OK) break;
        free(current);
        current = next;
    }
    free(current);
    return status;
}

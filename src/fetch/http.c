#include "fetch/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/strbuf.h"
#include "fetch/http_refusal.h"
#include "fetch/http_request.h"
#include "fetch/pause.h"

cs_status cs_http_open(cs_http *http, cs_error *error) {
    http->curl = curl_easy_init();
    return http->curl ? CS_OK : cs_fail(error, CS_ERR_INTERNAL, "libcurl could not be started");
}

void cs_http_close(cs_http *http) {
    if (http->curl) curl_easy_cleanup(http->curl);
    http->curl = NULL;
}

/* One try, redirects included. *again: a further try may help. */
static cs_status attempt(cs_http *http, const char *url, const char *what, const cs_http_body *body,
                         cs_http_request *request, int *again, cs_error *error) {
    request->offset = request->received = 0;
    request->etag = "";
    *again = 0;
    cs_status status = body->resume ? body->resume(body->context, &request->offset, &request->etag, error) : CS_OK;
    if (status == CS_OK) status = cs_http_perform(request, url, what, again, error);
    if (status != CS_OK) return status;
    long code = request->reply.code;
    if (code != 200 && code != 206) {
        /* 416: what is there is longer than what the server has. `begin` has thrown it away. */
        *again = cs_http_may_pass(code) || (code == 416 && request->offset > 0);
        return cs_http_refusal(code, what, url, http->token != NULL, error);
    }
    if (body->complete(body->context)) return CS_OK;
    *again = 1;
    return cs_fail(error, CS_ERR_IO, "%s: the connection ended too early", what);
}

/* How far into the file the try came. */
static uint64_t reached(const cs_http_request *request) {
    return request->received + (request->reply.code == 206 ? request->offset : 0);
}

cs_status cs_http_get(cs_http *http, const char *url, const char *what, const cs_http_body *body, cs_error *error) {
    cs_http_request request = {.http = http, .body = body};
    uint64_t furthest = 0;
    for (int failures = 1;; failures++) {
        int again;
        cs_status status = attempt(http, url, what, body, &request, &again, error);
        if (status == CS_OK || !again) return status;
        /* a connection that breaks now and then may do so as often as it likes, if it gets further each time */
        if (reached(&request) > furthest) {
            furthest = reached(&request);
            failures = 1;
        }
        if (failures >= http->tries) return status;
        double seconds = cs_pause_length(http->pause_seconds, failures, request.reply.retry_after);
        if (cs_pause(seconds, http->poll, http->context)) return cs_fail(error, CS_ERR_CANCELLED, "%s: stopped", what);
    }
}

typedef struct text_body {
    cs_strbuf buffer;
    size_t limit;
    const char *what;
} text_body;

static cs_status text_begin(void *context, const cs_http_reply *reply, cs_error *error) {
    (void)reply, (void)error;
    text_body *text = context;
    cs_strbuf_free(&text->buffer);
    return CS_OK;
}

static cs_status text_bytes(void *context, const char *data, size_t size, cs_error *error) {
    text_body *text = context;
    if (size > text->limit - text->buffer.length)
        return cs_fail(error, CS_ERR_LIMIT, "%s: expected at most %zu bytes", text->what, text->limit);
    cs_strbuf_append(&text->buffer, data, size);
    return text->buffer.failed ? cs_fail_memory(error, text->what) : CS_OK;
}

static int text_complete(void *context) {
    (void)context;
    return 1;
}

cs_status cs_http_get_text(cs_http *http, const char *url, const char *what, size_t limit, char **text,
                           cs_error *error) {
    text_body taken = {CS_STRBUF_EMPTY, limit, what};
    cs_http_body body = {&taken, NULL, text_begin, text_bytes, text_complete};
    cs_status status = cs_http_get(http, url, what, &body, error);
    if (status == CS_OK) return cs_strbuf_take(&taken.buffer, text, error);
    cs_strbuf_free(&taken.buffer);
    return status;
}

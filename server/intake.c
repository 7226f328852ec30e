#include "intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "clock.h"
#include "gate.h"
#include "query.h"
#include "reading.h"
#include "service.h"

/* How many times the permitted body is read and thrown away, so that the client hears why before the line goes dead. */
enum { PATIENCE = 4 };

static void take_query(web_request *request) {
    if (!request->query) return;
    fields_status status = fields_parse_urlencoded(&request->task.fields, request->query, strlen(request->query), 1);
    if (status == FIELDS_NO_MEMORY)
        answer_no_memory(&request->answer);
    else if (status != FIELDS_OK)
        answer_error(&request->answer, MHD_HTTP_BAD_REQUEST, "malformed_query", "expected at most %d pairs name=value",
                     MAX_FIELDS);
}

static task_form form_of(const web_request *request) {
    const char *accept = request_header(request, "Accept");
    double json = media_accepted(accept, "application/json", 1);
    if (request->route == ROUTE_EMBED)
        return media_accepted(accept, "application/x-npy", 0) > json ? FORM_NPY : FORM_JSON;
    int draws = request->route == ROUTE_DETECT || request->route == ROUTE_LOCALIZE;
    return draws && media_accepted(accept, "image/png", 0) > json ? FORM_PNG : FORM_JSON;
}

/* One of our own texts: the client's may hold anything, and the log is read in terminals. */
static const char *method_name(const char *method) {
    static const char *const names[] = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(method, names[i]) == 0) return names[i];
    return "other";
}

void *intake_line(void *context, const char *uri, struct MHD_Connection *connection) {
    web_request *made = calloc(1, sizeof *made);
    int failed = 0;
    (void)context, (void)connection;
    if (!made) return NULL;
    made->query = query_take(uri, &failed);
    if (!failed) return made;
    free(made);
    return NULL;
}

static void begin(web_service *service, web_request *request, struct MHD_Connection *connection, const char *url,
                  const char *method) {
    atomic_fetch_add(&service->requests, 1);
    request->stage = REQUEST_NEW;
    request->connection = connection;
    request->peer = peer_of(connection);
    request->method = method_name(method);
    request->arrived = clock_seconds();
    request->route = request->task.route = route_find(url);
    peer_enter(&service->peers, request->peer, PEER_BODY);
    gate_check(service, request);
    if (request->answer.status || !route_computes(request->route)) return;
    request->task.form = form_of(request);
    take_query(request);
}

/* Sends what stands in the request's answer. */
static enum MHD_Result respond(web_service *service, web_request *request) {
    request->status = request->answer.status;
    request->sent = request->answer.size;
    peer_enter(&service->peers, request->peer, PEER_ANSWER);
    metrics_answered(&service->metrics, request->route, request->status, clock_seconds() - request->arrived);
    return answer_send(&request->answer, &request->context, request->connection);
}

/* An answer in the library's first call, before a body is read, ends the connection, and a client that is still sending
 * may then miss it. Where none is announced the next call follows at once. One of bearable length is let in and thrown
 * away, unless the client waits to be asked for it. */
static int answers_later(const web_service *service, const web_request *request) {
    const char *length = request_header(request, "Content-Length");
    int is_chunked = request_header(request, "Transfer-Encoding") != NULL;
    double most = (double)service->options->limits.body * PATIENCE;
    if (!length && !is_chunked) return 1;
    return !is_chunked && !request_header(request, "Expect") && strtod(length, NULL) <= most;
}

static enum MHD_Result start(web_service *service, web_request *request, const char *url) {
    if (!request->answer.status && !route_computes(request->route)) reading_answer(service, request, url);
    if (!request->answer.status) {
        request->stage = REQUEST_BODY;
        return MHD_YES;
    }
    if (!answers_later(service, request)) return respond(service, request);
    request->stage = REQUEST_DISCARD;
    return MHD_YES;
}

static void release_body(web_service *service, web_request *request) {
    atomic_fetch_sub(&service->body_bytes, request->capacity);
    free(request->body);
    request->body = NULL;
    request->size = request->capacity = 0;
}

/* From now on what comes in is thrown away. */
static void give_up(web_service *service, web_request *request) {
    release_body(service, request);
    request->stage = REQUEST_DISCARD;
}

/* Grows with what has come in, not with what was announced. */
static int reserve(web_service *service, web_request *request, size_t size) {
    const server_limits *limits = &service->options->limits;
    size_t capacity = request->capacity ? request->capacity : 16384;
    while (capacity < size + 1)
        capacity *= 2;
    if (capacity > limits->body + 1) capacity = limits->body + 1;
    size_t more = capacity - request->capacity;
    if (more == 0) return 1;
    char *grown = NULL;
    if (atomic_fetch_add(&service->body_bytes, more) + more <= limits->bodies) grown = realloc(request->body, capacity);
    if (!grown) {
        atomic_fetch_sub(&service->body_bytes, more);
        answer_error(&request->answer, MHD_HTTP_SERVICE_UNAVAILABLE, "busy", "too many bodies are coming in");
        request->answer.retry_after = 1;
        return 0;
    }
    request->body = grown;
    request->capacity = capacity;
    return 1;
}

static void take_body(web_service *service, web_request *request, const char *data, size_t size) {
    if (size > service->options->limits.body - request->size) {
        gate_refuse_size(service, request);
        give_up(service, request);
        return;
    }
    if (request->size + size + 1 > request->capacity && !reserve(service, request, request->size + size)) {
        give_up(service, request);
        return;
    }
    memcpy(request->body + request->size, data, size);
    request->size += size;
    request->body[request->size] = '\0';
}

/* Chunked bodies have no announced end: patience has one all the same. */
static enum MHD_Result discard(const web_service *service, web_request *request, size_t size) {
    request->discarded += size;
    return request->discarded <= service->options->limits.body * PATIENCE ? MHD_YES : MHD_NO;
}

/* The body is here. The connection sleeps until intake_done(). */
static enum MHD_Result pass_on(web_service *service, web_request *request) {
    if (request->size == 0 && route_has_body(request->route)) {
        answer_error(&request->answer, MHD_HTTP_BAD_REQUEST, "empty_body", "expected a body");
        return respond(service, request);
    }
    request->deadline = clock_seconds() + service->options->limits.seconds;
    request->stage = REQUEST_WAITING;
    peer_enter(&service->peers, request->peer, PEER_SERVER);
    MHD_suspend_connection(request->connection);
    if (pipeline_offer(service->pipeline, request)) return MHD_YES;
    answer_error(&request->answer, MHD_HTTP_SERVICE_UNAVAILABLE, "queue_full",
                 "%u requests are waiting already; try again later", service->options->limits.queue);
    request->answer.retry_after = metrics_wait(&service->metrics, service->options->limits.queue);
    task_free(&request->task, &service->prompts);
    MHD_resume_connection(request->connection);
    return MHD_YES;
}

/* For the log and the figures; whoever asked is not there to read it, or has said that nothing more will be said. */
static void note_gone(web_request *request) {
    enum { CLIENT_CLOSED = 499 }; /* as nginx has it: HTTP has no status for nobody */
    answer_error(&request->answer, CLIENT_CLOSED, "client_closed", "the client closed the connection");
}

void intake_done(void *context, web_request *request) {
    (void)context;
    MHD_resume_connection(request->connection);
}

enum MHD_Result intake_handle(void *context, struct MHD_Connection *connection, const char *url, const char *method,
                              const char *version, const char *data, size_t *size, void **memory) {
    web_service *service = context;
    web_request *request = *memory;
    (void)version;
    if (!request) return MHD_NO;
    if (request->stage == REQUEST_LINE) {
        begin(service, request, connection, url, method);
        return start(service, request, url);
    }
    if (*size > 0) {
        size_t length = *size;
        *size = 0;
        if (request->stage == REQUEST_DISCARD) return discard(service, request, length);
        take_body(service, request, data, length);
        return MHD_YES;
    }
    if (request->stage == REQUEST_BODY) return pass_on(service, request);
    if (request->stage == REQUEST_WAITING && peer_is_gone(request->peer)) note_gone(request);
    return respond(service, request);
}

static void write_log(const web_service *service, const web_request *request) {
    char address[64];
    if (!service->options->log) return;
    peer_print(request->peer, address, sizeof address);
    fprintf(stderr, "%s %s %s %u %zu bytes %.3f s\n", address, request->method, route_name(request->route),
            request->status, request->sent, clock_seconds() - request->arrived);
}

static void end(web_service *service, web_request *request) {
    write_log(service, request);
    release_body(service, request);
    task_free(&request->task, &service->prompts);
    answer_clear(&request->answer);
    peer_enter(&service->peers, request->peer, PEER_HEADERS);
    atomic_fetch_sub(&service->requests, 1);
}

void intake_completed(void *context, struct MHD_Connection *connection, void **memory,
                      enum MHD_RequestTerminationCode code) {
    web_service *service = context;
    web_request *request = *memory;
    (void)connection, (void)code;
    if (!request) return;
    if (request->stage != REQUEST_LINE) end(service, request);
    free(request->query);
    free(request);
    *memory = NULL;
}

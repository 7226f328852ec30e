#include "answer.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char DATA_POLICY[] = "default-src 'none'; frame-ancestors 'none'";

static const char OUT_OF_MEMORY[] =
    "{\"error\": {\"code\": \"out_of_memory\", \"message\": \"the server is short of memory; try again later\"}}\n";

/* A file name in a message can hold any byte; JSON is UTF-8. */
static json_t *message_value(char *message) {
    json_t *value = json_string(message);
    if (value) return value;
    for (char *at = message; *at; at++)
        if ((unsigned char)*at >= 0x80) *at = '?';
    return json_string(message);
}

void answer_no_memory(web_answer *answer) {
    answer_constant(answer, "application/json", OUT_OF_MEMORY, sizeof OUT_OF_MEMORY - 1);
    answer->status = MHD_HTTP_SERVICE_UNAVAILABLE;
    answer->retry_after = 1;
}

/* json_dumps() can lose a key where memory is short, and not say so; into memory that is there it does not. */
void answer_json(web_answer *answer, json_t *root, size_t flags) {
    size_t size = root ? json_dumpb(root, NULL, 0, flags) : 0;
    char *body = size > 0 ? malloc(size) : NULL;
    int written = body && json_dumpb(root, body, size, flags) == size;
    json_decref(root);
    if (written) {
        answer_take(answer, "application/json", body, size);
        return;
    }
    free(body);
    answer_clear(answer);
    answer_no_memory(answer);
}

void answer_error(web_answer *answer, unsigned status, const char *code, const char *format, ...) {
    char message[768];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    answer_clear(answer);
    json_t *root = json_pack("{s:{s:s, s:o}}", "error", "code", code, "message", message_value(message));
    answer_json(answer, root, 0);
    if (answer->status == MHD_HTTP_OK) answer->status = status;
}

void answer_failure(web_answer *answer, const cs_error *error) {
    switch (error->code) {
    case CS_ERR_ARGUMENT:
    case CS_ERR_LIMIT:
    case CS_ERR_FORMAT:
    case CS_ERR_UNSUPPORTED:
        answer_error(answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "unprocessable", "%s", error->message);
        return;
    case CS_ERR_CANCELLED:
        answer_error(answer, MHD_HTTP_SERVICE_UNAVAILABLE, "timeout", "the time for one request is over");
        return;
    case CS_ERR_MEMORY:
        answer_no_memory(answer);
        return;
    default:
        answer_error(answer, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal", "%s", error->message);
    }
}

/* The body is taken over, and released as what it is. NOLINTNEXTLINE(readability-non-const-parameter) */
void answer_take(web_answer *answer, const char *type, char *body, size_t size) {
    answer_clear(answer);
    *answer = (struct web_answer){.status = MHD_HTTP_OK, .type = type, .body = body, .size = size, .owned = 1};
}

void answer_constant(web_answer *answer, const char *type, const char *body, size_t size) {
    answer_clear(answer);
    *answer = (struct web_answer){.status = MHD_HTTP_OK, .type = type, .body = (char *)(uintptr_t)body, .size = size};
}

void answer_clear(web_answer *answer) {
    if (answer->owned) cs_string_free(answer->body);
    *answer = (struct web_answer){0};
}

static void release_body(void *body) {
    cs_string_free(body);
}

static struct MHD_Response *make_response(web_answer *answer) {
    if (!answer->owned) return MHD_create_response_from_buffer(answer->size, answer->body, MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback(answer->size, answer->body, release_body);
    if (response) answer->owned = 0;
    return response;
}

static void add(struct MHD_Response *response, const char *name, const char *value) {
    if (value) MHD_add_response_header(response, name, value);
}

static void add_cross_origin(struct MHD_Response *response, const answer_context *context) {
    add(response, "Vary", "Origin, Accept");
    if (!context->origin) return;
    add(response, "Access-Control-Allow-Origin", context->origin);
    if (!context->preflight) {
        add(response, "Access-Control-Expose-Headers", "Retry-After");
        return;
    }
    add(response, "Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    add(response, "Access-Control-Allow-Headers", "Authorization, Content-Type, Accept");
    add(response, "Access-Control-Max-Age", "600");
}

static void add_headers(struct MHD_Response *response, const web_answer *answer, const answer_context *context) {
    char seconds[16];
    add(response, "Content-Type", answer->type);
    add(response, "Allow", answer->allow);
    add(response, "WWW-Authenticate", answer->challenge ? "Bearer realm=\"clipsight\"" : NULL);
    snprintf(seconds, sizeof seconds, "%u", answer->retry_after);
    add(response, "Retry-After", answer->retry_after ? seconds : NULL);
    add(response, "Cache-Control", answer->policy ? "no-cache" : "no-store");
    add(response, "Content-Security-Policy", answer->policy ? answer->policy : DATA_POLICY);
    add(response, "X-Content-Type-Options", "nosniff");
    add(response, "Referrer-Policy", "no-referrer");
    add(response, "Cross-Origin-Resource-Policy", context->origin ? "cross-origin" : "same-origin");
    add_cross_origin(response, context);
}

enum MHD_Result answer_send(web_answer *answer, const answer_context *context, struct MHD_Connection *connection) {
    struct MHD_Response *response = make_response(answer);
    if (!response) {
        answer_clear(answer);
        return MHD_NO;
    }
    add_headers(response, answer, context);
    enum MHD_Result result = MHD_queue_response(connection, answer->status, response);
    MHD_destroy_response(response);
    answer_clear(answer);
    return result;
}

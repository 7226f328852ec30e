#include "gate.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Takes the same time whatever is wrong, so that no one can guess a token byte by byte. */
static int is_token(const char *token, const char *given) {
    size_t length = strlen(token), given_length = strlen(given);
    unsigned char difference = length != given_length;
    for (size_t i = 0; i < given_length; i++)
        difference |= (unsigned char)(given[i] ^ token[i % (length + 1)]);
    return difference == 0;
}

static int is_authorized(const web_request *request, const char *token) {
    const char *value = request_header(request, "Authorization");
    if (!value || strncasecmp(value, "Bearer ", 7) != 0) return 0;
    return is_token(token, value + 7 + strspn(value + 7, " "));
}

/* "name:port" or "[address]:port" without the port and the brackets. */
static void host_name(const char *host, char *room, size_t size) {
    int bracket = host[0] == '[';
    size_t length = strcspn(host + bracket, bracket ? "]" : ":");
    snprintf(room, size, "%.*s", (int)(length < size ? length : size - 1), host + bracket);
}

static int in_list(const char *const *list, const char *text) {
    for (; list && *list; list++)
        if (strcasecmp(*list, text) == 0) return 1;
    return 0;
}

/* A foreign page can make its own name lead to this machine, and would then pass for the server's own page. It cannot
 * do so with an address, nor with localhost. Where a token is asked for, it does not have that. */
static int is_own_name(const server_options *options, const char *host) {
    char name[256];
    unsigned char address[16];
    if (options->token || !host) return 1;
    host_name(host, name, sizeof name);
    if (inet_pton(AF_INET, name, address) == 1 || inet_pton(AF_INET6, name, address) == 1) return 1;
    if (strcasecmp(name, "localhost") == 0 || strcasecmp(name, options->host) == 0) return 1;
    return in_list(options->names, name);
}

/* The page that this server itself sent, whether or not something in between speaks TLS. */
static int is_own_origin(const char *origin, const char *host) {
    const char *behind = strstr(origin, "://");
    if (!host || !behind) return 0;
    int is_web = strncmp(origin, "http:", 5) == 0 || strncmp(origin, "https:", 6) == 0;
    return is_web && strcasecmp(behind + 3, host) == 0;
}

static int check_name(const web_service *service, web_request *request) {
    const char *host = request_header(request, "Host");
    if (is_own_name(service->options, host)) return 1;
    answer_error(&request->answer, MHD_HTTP_FORBIDDEN, "unknown_host",
                 "this server does not go by the name '%.100s'; --allow-host makes it known", host);
    return 0;
}

/* A page that has a browser fetch a picture or follow a link sends no Origin. It cannot read what comes back, but make
 * the server work. Browsers that care say where such a request comes from. */
static int check_site(const web_service *service, web_request *request) {
    const char *site = request_header(request, "Sec-Fetch-Site");
    int is_foreign = site && (strcasecmp(site, "cross-site") == 0 || strcasecmp(site, "same-site") == 0);
    if (!is_foreign || !route_is_guarded(request->route) || in_list(service->options->origins, "*")) return 1;
    answer_error(&request->answer, MHD_HTTP_FORBIDDEN, "cross_origin",
                 "pages of other sites may not call this server; --allow-origin lets those that say their Origin");
    return 0;
}

static int check_origin(const web_service *service, web_request *request) {
    const server_options *options = service->options;
    const char *origin = request_header(request, "Origin");
    if (!origin) return check_site(service, request);
    if (is_own_origin(origin, request_header(request, "Host"))) return 1;
    if (!in_list(options->origins, origin) && !in_list(options->origins, "*")) {
        answer_error(&request->answer, MHD_HTTP_FORBIDDEN, "cross_origin",
                     "pages of '%.100s' may not call this server; --allow-origin lets them", origin);
        return 0;
    }
    request->context.origin = origin;
    return 1;
}

static int refuse_method(web_request *request) {
    answer_error(&request->answer, MHD_HTTP_METHOD_NOT_ALLOWED, "method_not_allowed", "expected %s",
                 route_methods(request->route));
    request->answer.allow = route_methods(request->route);
    return 0;
}

/* Returns 0 also for a preflight, whose answer says all. */
static int check_method(web_request *request) {
    const char *method = request->method;
    if (strcmp(method, "OPTIONS") == 0) {
        answer_constant(&request->answer, NULL, "", 0);
        request->answer.status = MHD_HTTP_NO_CONTENT;
        request->answer.allow = route_methods(request->route);
        request->context.preflight = 1;
        return 0;
    }
    int is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    int is_post = strcmp(method, "POST") == 0;
    return (route_has_body(request->route) ? is_post : is_get) ? 1 : refuse_method(request);
}

static int check_token(const web_service *service, web_request *request) {
    const char *token = service->options->token;
    if (!token || !route_is_guarded(request->route) || is_authorized(request, token)) return 1;
    answer_error(&request->answer, MHD_HTTP_UNAUTHORIZED, "unauthorized",
                 "expected the header 'Authorization: Bearer TOKEN' with this server's token");
    request->answer.challenge = 1;
    return 0;
}

static int check_address(web_service *service, web_request *request) {
    unsigned most = service->options->limits.per_address;
    if (!request->peer || peer_ordinal(&service->peers, request->peer) <= most) return 1;
    answer_error(&request->answer, MHD_HTTP_TOO_MANY_REQUESTS, "too_many_connections",
                 "expected at most %u connections from one address", most);
    request->answer.retry_after = 1;
    return 0;
}

void gate_refuse_size(const web_service *service, web_request *request) {
    answer_error(&request->answer, MHD_HTTP_CONTENT_TOO_LARGE, "body_too_large", "expected a body of at most %zu bytes",
                 service->options->limits.body);
}

static int check_length(const web_service *service, web_request *request) {
    const char *length = request_header(request, "Content-Length");
    if (!length && !request_header(request, "Transfer-Encoding")) {
        answer_error(&request->answer, MHD_HTTP_LENGTH_REQUIRED, "length_required",
                     "expected a Content-Length, or a chunked body");
        return 0;
    }
    if (!length || strtoull(length, NULL, 10) <= service->options->limits.body) return 1;
    gate_refuse_size(service, request);
    return 0;
}

static int check_type(web_request *request) {
    const char *type = request_header(request, "Content-Type");
    request->media = media_kind_of(type);
    int is_form = request->media == MEDIA_URLENCODED && request->route == ROUTE_EMBED;
    int has_boundary =
        request->media == MEDIA_MULTIPART && media_boundary(type, request->boundary, sizeof request->boundary);
    if (request->media == MEDIA_MULTIPART && !has_boundary) {
        answer_error(&request->answer, MHD_HTTP_BAD_REQUEST, "malformed_body", "Content-Type: expected a boundary");
        return 0;
    }
    if (request->media == MEDIA_PHOTOGRAPH || is_form || has_boundary) return 1;
    answer_error(&request->answer, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type",
                 "Content-Type: expected multipart/form-data, image/jpeg, image/png, image/webp%s, got '%.80s'",
                 request->route == ROUTE_EMBED ? ", application/x-www-form-urlencoded" : "", type ? type : "nothing");
    return 0;
}

/* The library's own limit is higher, so that most who are over this one are told in the form that errors have. */
static int check_header(const web_service *service, web_request *request) {
    size_t most = service->options->limits.header;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (!info || info->header_size <= most) return 1;
    answer_error(&request->answer, MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "headers_too_large",
                 "expected a first line and headers of at most %zu bytes together", most);
    return 0;
}

static int check_stopping(web_service *service, web_request *request) {
    if (!atomic_load(&service->stopping)) return 1;
    answer_error(&request->answer, MHD_HTTP_SERVICE_UNAVAILABLE, "stopping", "this server is about to stop");
    request->answer.retry_after = 5;
    return 0;
}

static int check_body(web_service *service, web_request *request) {
    return check_length(service, request) && check_type(request) && check_stopping(service, request);
}

static int check_store(const web_service *service, web_request *request) {
    if (!route_searches(request->route) || service->options->store) return 1;
    answer_error(&request->answer, MHD_HTTP_NOT_FOUND, "not_found",
                 "this server has nothing to search in; --store gives it something");
    return 0;
}

void gate_check(web_service *service, web_request *request) {
    if (!check_header(service, request) || !check_name(service, request) || !check_origin(service, request)) return;
    if (request->route == ROUTE_NONE) {
        answer_error(&request->answer, MHD_HTTP_NOT_FOUND, "not_found",
                     "there is nothing at this path; /openapi.json describes what there is");
        return;
    }
    if (!check_method(request) || !check_store(service, request) || !check_token(service, request) ||
        !check_address(service, request))
        return;
    if (route_has_body(request->route))
        check_body(service, request);
    else if (route_computes(request->route))
        check_stopping(service, request);
}

#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "intake.h"

/* A connection on which nothing moves for this long is closed. */
enum { IDLE_SECONDS = 20 };

/* The library takes headers, and a list of them, in memory of this many times what they may be; what does not fit there
 * gets a page of its own making, which cannot be replaced. */
enum { HEADER_ROOM = 4 };

static cs_status fail(cs_error *error, const server_options *options, const char *reason) {
    error->code = CS_ERR_IO;
    snprintf(error->message, sizeof error->message, "%s port %d: cannot listen: %s", options->host, options->port,
             reason);
    return CS_ERR_IO;
}

static struct addrinfo *resolve(const char *host, int port) {
    const struct addrinfo wanted = {
        .ai_flags = AI_PASSIVE | AI_NUMERICSERV, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    char service[16];
    struct addrinfo *found = NULL;
    snprintf(service, sizeof service, "%d", port);
    return getaddrinfo(host, service, &wanted, &found) == 0 ? found : NULL;
}

int server_is_local(const char *host) {
    struct addrinfo *found = resolve(host, 0);
    int is_local = found != NULL;
    for (const struct addrinfo *each = found; each; each = each->ai_next) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)each->ai_addr;
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)each->ai_addr;
        if (each->ai_family == AF_INET ? ntohl(four->sin_addr.s_addr) >> 24 != 127
                                       : !IN6_IS_ADDR_LOOPBACK(&six->sin6_addr))
            is_local = 0;
    }
    if (found) freeaddrinfo(found);
    return is_local;
}

static int open_socket(const struct addrinfo *address) {
    int on = 1;
    int made = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return -1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(made, address->ai_addr, address->ai_addrlen) == 0 && listen(made, 511) == 0) return made;
    int reason = errno;
    close(made);
    errno = reason;
    return -1;
}

static char *make_url(int socket) {
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    char host[64], *url = NULL;
    if (getsockname(socket, (struct sockaddr *)&address, &size) != 0) return NULL;
    int is_six = address.ss_family == AF_INET6;
    const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)&address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)&address;
    const void *bytes = is_six ? (const void *)&six->sin6_addr : (const void *)&four->sin_addr;
    if (!inet_ntop(address.ss_family, bytes, host, sizeof host)) return NULL;
    int port = ntohs(is_six ? six->sin6_port : four->sin_port);
    return asprintf(&url, "http://%s%s%s:%d/", is_six ? "[" : "", host, is_six ? "]" : "", port) < 0 ? NULL : url;
}

static struct MHD_Daemon *start_daemon(web_service *service, int socket) {
    const server_limits *limits = &service->options->limits;
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, intake_handle,
                            service, MHD_OPTION_LISTEN_SOCKET, socket, MHD_OPTION_URI_LOG_CALLBACK, intake_line,
                            service, MHD_OPTION_NOTIFY_COMPLETED, intake_completed, service,
                            MHD_OPTION_NOTIFY_CONNECTION, peers_notify, &service->peers, MHD_OPTION_CONNECTION_LIMIT,
                            limits->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, limits->per_address * 2,
                            MHD_OPTION_CONNECTION_TIMEOUT,
                            (unsigned)IDLE_SECONDS < limits->seconds ? (unsigned)IDLE_SECONDS : limits->seconds,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits->header * HEADER_ROOM,
                            MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
}

cs_status listen_start(web_service *service, struct MHD_Daemon **daemon, char **url, cs_error *error) {
    const server_options *options = service->options;
    struct addrinfo *address = resolve(options->host, options->port);
    if (!address) return fail(error, options, "there is no such address");
    int socket = open_socket(address);
    int reason = errno;
    freeaddrinfo(address);
    if (socket < 0) return fail(error, options, strerror(reason));
    *url = make_url(socket);
    *daemon = *url ? start_daemon(service, socket) : NULL;
    if (*daemon) return CS_OK;
    free(*url);
    *url = NULL;
    close(socket);
    return fail(error, options, "the HTTP library does not start");
}

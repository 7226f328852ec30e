#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "clock.h"

/* What stands before an IPv4 address that is written as an IPv6 one. */
static const unsigned char MAPPED[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255};

void peers_init(peer_table *table) {
    *table = (peer_table){.first = NULL};
    pthread_mutex_init(&table->lock, NULL);
}

void peers_destroy(peer_table *table) {
    pthread_mutex_destroy(&table->lock);
}

unsigned peers_count(peer_table *table) {
    pthread_mutex_lock(&table->lock);
    unsigned count = table->count;
    pthread_mutex_unlock(&table->lock);
    return count;
}

static void copy_address(const struct sockaddr *from, unsigned char to[16]) {
    if (from->sa_family == AF_INET6) {
        memcpy(to, &((const struct sockaddr_in6 *)(const void *)from)->sin6_addr, 16);
    } else if (from->sa_family == AF_INET) {
        memcpy(to, MAPPED, sizeof MAPPED);
        memcpy(to + sizeof MAPPED, &((const struct sockaddr_in *)(const void *)from)->sin_addr, 4);
    }
}

static void add(peer_table *table, web_peer *added) {
    pthread_mutex_lock(&table->lock);
    added->next = table->first;
    if (added->next) added->next->previous = added;
    table->first = added;
    table->count++;
    pthread_mutex_unlock(&table->lock);
}

/* Called before the socket is closed: until the lock is free again its number means no other connection. */
static void take_out(peer_table *table, web_peer *gone) {
    pthread_mutex_lock(&table->lock);
    if (gone->next) gone->next->previous = gone->previous;
    if (gone->previous)
        gone->previous->next = gone->next;
    else
        table->first = gone->next;
    table->count--;
    pthread_mutex_unlock(&table->lock);
}

static web_peer *make(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *address = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    web_peer *made = socket && address ? calloc(1, sizeof *made) : NULL;
    if (!made) return NULL;
    made->socket = socket->connect_fd;
    made->since = clock_seconds();
    copy_address(address->client_addr, made->address);
    return made;
}

void peers_notify(void *table, struct MHD_Connection *connection, void **context,
                  enum MHD_ConnectionNotificationCode code) {
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        *context = make(connection);
        if (*context) add(table, *context);
    } else if (*context) {
        take_out(table, *context);
        free(*context);
        *context = NULL;
    }
}

web_peer *peer_of(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info ? info->socket_context : NULL;
}

/* The newest is first in the table. */
unsigned peer_ordinal(peer_table *table, const web_peer *peer) {
    unsigned ordinal = 0;
    pthread_mutex_lock(&table->lock);
    for (const web_peer *each = peer; each; each = each->next)
        ordinal += memcmp(each->address, peer->address, sizeof peer->address) == 0;
    pthread_mutex_unlock(&table->lock);
    return ordinal;
}

void peer_enter(peer_table *table, web_peer *peer, peer_stage stage) {
    if (!peer) return;
    pthread_mutex_lock(&table->lock);
    peer->stage = stage;
    peer->since = clock_seconds();
    pthread_mutex_unlock(&table->lock);
}

/* The library's thread sees the end of the stream, and closes the connection. */
void peers_end_slow(peer_table *table, double seconds) {
    double now = clock_seconds();
    pthread_mutex_lock(&table->lock);
    for (const web_peer *each = table->first; each; each = each->next)
        if (each->stage != PEER_SERVER && now - each->since > seconds) shutdown(each->socket, SHUT_RDWR);
    pthread_mutex_unlock(&table->lock);
}

static int has_left(const web_peer *peer) {
    struct pollfd question = {.fd = peer->socket, .events = POLLRDHUP};
    return poll(&question, 1, 0) > 0;
}

unsigned peers_find_gone(peer_table *table) {
    unsigned found = 0;
    pthread_mutex_lock(&table->lock);
    for (web_peer *each = table->first; each; each = each->next) {
        if (each->stage != PEER_SERVER || peer_is_gone(each) || !has_left(each)) continue;
        atomic_store(&each->gone, 1);
        found++;
    }
    pthread_mutex_unlock(&table->lock);
    return found;
}

int peer_is_gone(const web_peer *peer) {
    return peer && atomic_load(&peer->gone);
}

void peer_print(const web_peer *peer, char *room, unsigned size) {
    int is_four = peer && memcmp(peer->address, MAPPED, sizeof MAPPED) == 0;
    const void *address = peer ? is_four ? peer->address + sizeof MAPPED : peer->address : NULL;
    if (!address || !inet_ntop(is_four ? AF_INET : AF_INET6, address, room, size)) room[0] = '-', room[1] = '\0';
}

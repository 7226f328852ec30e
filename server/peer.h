/* The connections that are open: how many each address has, and which of them take too long. */
#ifndef SERVER_PEER_H
#define SERVER_PEER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

typedef enum peer_stage {
    PEER_HEADERS, /* the client is about to say what it wants */
    PEER_BODY,    /* it is sending */
    PEER_SERVER,  /* it waits for the server */
    PEER_ANSWER   /* it fetches the answer */
} peer_stage;

typedef struct web_peer {
    struct web_peer *next, *previous;
    int socket;
    unsigned char address[16]; /* IPv4 as IPv6 writes it */
    peer_stage stage;
    double since;    /* when the stage began */
    atomic_int gone; /* it will not fetch what it waits for */
} web_peer;

typedef struct peer_table {
    pthread_mutex_t lock;
    web_peer *first;
    unsigned count;
} peer_table;

void peers_init(peer_table *table);
void peers_destroy(peer_table *table);
unsigned peers_count(peer_table *table);

/* A MHD_NotifyConnectionCallback; `table` is the peer_table. */
void peers_notify(void *table, struct MHD_Connection *connection, void **context,
                  enum MHD_ConnectionNotificationCode code);

/* The peer at the other end; NULL where memory was short when it came. */
web_peer *peer_of(struct MHD_Connection *connection);

/* Which of its address's connections this is, from 1: those that came later do not count. */
unsigned peer_ordinal(peer_table *table, const web_peer *peer);

/* The client enters a stage. */
void peer_enter(peer_table *table, web_peer *peer, peer_stage stage);

/* Ends the connections of clients that have been in a stage of theirs for longer than this. */
void peers_end_slow(peer_table *table, double seconds);

/* Looks which of those that wait for the server have left, and returns how many did since the last look. A client that
 * has closed its half of the connection has left: most who close both look the same until something is sent to them. */
unsigned peers_find_gone(peer_table *table);

/* True where it was found so. NULL is a peer that stays. */
int peer_is_gone(const web_peer *peer);

/* The address as text. */
void peer_print(const web_peer *peer, char *room, unsigned size);

#endif

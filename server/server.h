/*
 * clipsight over HTTP: the interface of this room. docs/server.md describes the design.
 *
 * One thread moves bytes between the network and memory (libmicrohttpd), a few prepare photographs and write answers,
 * and one computes. A request that waits for its turn costs no thread.
 */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "clipsight_tools.h"

/* What a client can ask for at most. All are above zero. */
typedef struct server_limits {
    size_t body;          /* bytes of one request's body */
    size_t bodies;        /* bytes of all bodies that are held at one time */
    size_t header;        /* bytes of a request's line and headers together */
    uint64_t pixels;      /* of one photograph */
    size_t prompts;       /* in one request */
    size_t prompt_length; /* bytes of one prompt */
    size_t windows;       /* that one photograph is cut into */
    unsigned connections; /* at one time */
    unsigned per_address; /* the same from one address; twice as many are closed unheard */
    unsigned queue;       /* requests that wait or are worked on */
    unsigned seconds;     /* for a request to come in; then for its answer to be made; then for it to be fetched */
} server_limits;

typedef struct server_options {
    const char *host;           /* an address or a name to listen on */
    int port;                   /* 0: any that is free */
    const char *token;          /* NULL: none is asked for */
    const char *const *origins; /* other sites whose pages may call; ends with NULL; "*": all */
    const char *const *names; /* besides addresses and localhost, what a request may call this server; ends with NULL */
    server_limits limits;
    const char *model_name;
    cs_model *model;                    /* used by nobody else meanwhile */
    const char *store;                  /* a file or a URL to search in; NULL: none */
    int show_paths;                     /* whole paths of what was found, not names alone */
    int log;                            /* a line on stderr for each request */
    int (*stopped)(void);               /* true once the server is to finish what is under way and return */
    void (*listening)(const char *url); /* called once it answers */
    void (*tidy)(void);                 /* called every few seconds while there is work, and once behind it; or NULL */
} server_options;

/* Serves until options->stopped(). CS_ERR_IO: the address cannot be had. */
cs_status server_run(const server_options *options, cs_error *error);

/* True where only this machine can reach the address. */
int server_is_local(const char *host);

#endif

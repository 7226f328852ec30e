/* As little of HTTP as the load client needs, over plain sockets, so that it can also misbehave. */
#ifndef TESTS_SERVER_HTTP_CLIENT_H
#define TESTS_SERVER_HTTP_CLIENT_H

#include <stddef.h>

typedef struct http_answer {
    int status;      /* 0: the connection ended before there was a whole answer */
    size_t size;     /* of the body */
    int retry_after; /* seconds; 0: not said */
    int closes;      /* the server says that it closes the connection */
    char start[128]; /* of the body, ended by a zero byte */
} http_answer;

/* A socket that is connected to 127.0.0.1, or -1. Reading and writing give up after `seconds`. */
int http_connect(int port, int seconds);

/* 0 where not all could be sent. */
int http_send(int socket, const void *bytes, size_t size);

/* Reads one answer to its end; a slow client rests for `pause` microseconds after every few thousand bytes. */
http_answer http_read(int socket, unsigned pause);

typedef struct http_upload {
    const char *path;
    const char *fields; /* prompts and options: "prompt=a cat&min_score=0" */
    const char *file;   /* the photograph */
    const char *accept; /* NULL: anything */
    size_t most;        /* bytes of the photograph that are sent; 0: all */
} http_upload;

/* A form as a whole request. The caller frees it. NULL where the file cannot be read. */
char *http_form(const http_upload *upload, size_t *size);

double http_now(void);

#endif

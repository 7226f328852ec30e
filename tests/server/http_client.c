#include "http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char BOUNDARY[] = "photograph-and-words-1a2b3c4d5e";

double http_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int http_connect(int port, int seconds) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const struct timeval patience = {seconds, 0};
    const int on = 1;
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0) return -1;
    setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(made, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(made, (const struct sockaddr *)&address, sizeof address) == 0) return made;
    close(made);
    return -1;
}

int http_send(int socket, const void *bytes, size_t size) {
    for (const char *at = bytes; size > 0;) {
        ssize_t sent = send(socket, at, size, MSG_NOSIGNAL);
        if (sent <= 0) return 0;
        at += sent;
        size -= (size_t)sent;
    }
    return 1;
}

/* The value of a header among the first [size] bytes, or NULL. */
static const char *find_header(const char *head, const char *name) {
    const char *at = strcasestr(head, name);
    return at ? at + strlen(name) : NULL;
}

/* The headers, up to and with the empty line; what follows them is left in room behind. Returns how much is there, or
 * 0. */
static size_t read_head(int socket, char *room, size_t size, size_t *head_size) {
    size_t filled = 0;
    while (filled + 1 < size) {
        ssize_t got = recv(socket, room + filled, size - 1 - filled, 0);
        if (got <= 0) return 0;
        filled += (size_t)got;
        room[filled] = '\0';
        const char *end = strstr(room, "\r\n\r\n");
        if (end) {
            *head_size = (size_t)(end - room) + 4;
            return filled;
        }
    }
    return 0;
}

/* What the first line and the headers say. */
static http_answer parse_head(const char *head) {
    const char *length = find_header(head, "\r\nContent-Length: "), *retry = find_header(head, "\r\nRetry-After: ");
    return (http_answer){.status = atoi(head + 9),
                         .size = length ? (size_t)atoll(length) : 0,
                         .retry_after = retry ? atoi(retry) : 0,
                         .closes = find_header(head, "\r\nConnection: close") != NULL};
}

/* Keeps what of these bytes, which follow `before` others, belongs to the answer's start. */
static void keep_start(http_answer *answer, size_t before, const char *bytes, size_t size) {
    size_t room = sizeof answer->start - 1;
    if (before < room) memcpy(answer->start + before, bytes, size < room - before ? size : room - before);
}

http_answer http_read(int socket, unsigned pause) {
    char room[16384];
    const size_t step = pause ? 4096 : sizeof room;
    size_t head_size = 0, filled = read_head(socket, room, sizeof room, &head_size);
    if (filled < 12 || memcmp(room, "HTTP/1.1 ", 9) != 0) return (http_answer){0};
    char kept = room[head_size];
    room[head_size] = '\0';
    http_answer answer = parse_head(room);
    room[head_size] = kept;
    size_t got = filled - head_size;
    keep_start(&answer, 0, room + head_size, got);
    while (got < answer.size) {
        ssize_t more = recv(socket, room, step, 0);
        if (more <= 0) return (http_answer){0};
        if (pause) usleep(pause);
        keep_start(&answer, got, room, (size_t)more);
        got += (size_t)more;
    }
    return answer;
}

static void put_fields(FILE *out, const char *fields) {
    for (const char *at = fields; *at;) {
        size_t length = strcspn(at, "&"), name = strcspn(at, "=");
        fprintf(out, "--%s\r\nContent-Disposition: form-data; name=\"%.*s\"\r\n\r\n%.*s\r\n", BOUNDARY, (int)name, at,
                (int)(length - name - 1), at + name + 1);
        at += length + (at[length] == '&');
    }
}

static int put_file(FILE *out, const char *file, size_t most) {
    char room[65536];
    FILE *in = fopen(file, "rb");
    if (!in) return 0;
    for (size_t got, left = most ? most : SIZE_MAX; (got = fread(room, 1, sizeof room, in)) > 0 && left > 0;) {
        size_t kept = got < left ? got : left;
        fwrite(room, 1, kept, out);
        left -= kept;
    }
    fclose(in);
    return 1;
}

char *http_form(const http_upload *upload, size_t *size) {
    char *body = NULL, *whole = NULL;
    size_t body_size = 0;
    FILE *out = open_memstream(&body, &body_size);
    if (!out) return NULL;
    put_fields(out, upload->fields);
    fprintf(out, "--%s\r\nContent-Disposition: form-data; name=\"image\"; filename=\"photo\"\r\n\r\n", BOUNDARY);
    int read = put_file(out, upload->file, upload->most);
    fprintf(out, "\r\n--%s--\r\n", BOUNDARY);
    fclose(out);
    out = read ? open_memstream(&whole, size) : NULL;
    if (out) {
        fprintf(out,
                "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: %s\r\nContent-Type: multipart/form-data; "
                "boundary=%s\r\nContent-Length: %zu\r\n\r\n",
                upload->path, upload->accept ? upload->accept : "*/*", BOUNDARY, body_size);
        fwrite(body, 1, body_size, out);
        fclose(out);
    }
    free(body);
    return whole;
}

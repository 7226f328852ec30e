/*
 * Clients of a server, well-behaved and not.
 *
 *   load PORT steady CLIENTS REQUESTS PATH FIELDS FILE...   each client asks again as soon as it has its answer
 *   load PORT mixed CLIENTS SECONDS FILE...                 the same with all kinds of requests, good and bad
 *   load PORT burst CLIENTS PATH FIELDS FILE                all at once, one request each
 *   load PORT get CLIENTS REQUESTS PATH                     small requests, a new connection for every tenth
 *   load PORT drip CLIENTS SECONDS                          headers that come a byte at a time and never end
 *   load PORT half CLIENTS PATH FIELDS FILE                 half a request, and gone
 *
 * Prints how often each status came, and the times. Exit status 1 where an answer did not come to its end, or has a
 * status that the mode does not allow.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_client.h"

enum { MAX_CLIENTS = 1024, MAX_TIMES = 200000, PATIENCE = 120 };

typedef struct whole_request {
    char *bytes;
    size_t size;
    int expected; /* status; 503 and 429 with Retry-After are allowed besides */
} whole_request;

typedef struct load {
    int port, clients;
    whole_request *requests; /* [count], taken in turn */
    size_t count;
    long limit;   /* of all requests together */
    double until; /* or a time; 0: none */
    int renewal;  /* a new connection after so many requests; 0: never */
    atomic_long begun;
    atomic_int statuses[1000];
    atomic_int lost, unexpected;
    atomic_long timed;
    double times[MAX_TIMES];
} load;

static load all;

static void note(const whole_request *request, http_answer answer, double seconds) {
    int status = answer.status >= 0 && answer.status < 1000 ? answer.status : 999;
    atomic_fetch_add(&all.statuses[status], 1);
    if (status == 0) atomic_fetch_add(&all.lost, 1);
    int busy = (status == 503 || status == 429) && answer.retry_after > 0;
    if (status != 0 && status != request->expected && !busy) atomic_fetch_add(&all.unexpected, 1);
    if (status != 200) return;
    long at = atomic_fetch_add(&all.timed, 1);
    if (at < MAX_TIMES) all.times[at] = seconds;
}

static int over(long number) {
    return all.until > 0 ? http_now() > all.until : number >= all.limit;
}

/* One client, on one connection as long as that lasts. */
static void *ask(void *context) {
    int socket = -1, used = 0;
    (void)context;
    for (long number; !over(number = atomic_fetch_add(&all.begun, 1));) {
        const whole_request *request = &all.requests[(size_t)number % all.count];
        double start = http_now();
        if (socket < 0) socket = http_connect(all.port, PATIENCE), used = 0;
        int sent = socket >= 0 && http_send(socket, request->bytes, request->size);
        http_answer answer = socket >= 0 ? http_read(socket) : (http_answer){0};
        (void)sent; /* a server may answer before it has read all */
        note(request, answer, http_now() - start);
        used++;
        if (answer.status != 0 && !answer.closes && (!all.renewal || used < all.renewal)) continue;
        if (socket >= 0) close(socket);
        socket = -1;
    }
    if (socket >= 0) close(socket);
    return NULL;
}

/* A byte a second; what counts is how long the server bears it. */
static void *drip(void *context) {
    static const char HEAD[] = "POST /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ";
    (void)context;
    int socket = http_connect(all.port, 1);
    double start = http_now();
    char byte;
    if (socket < 0 || !http_send(socket, HEAD, sizeof HEAD - 1)) return NULL;
    while (http_now() < all.until) {
        if (!http_send(socket, "x", 1)) break;
        if (recv(socket, &byte, 1, 0) == 0) break;
    }
    long at = atomic_fetch_add(&all.timed, 1);
    all.times[at] = http_now() - start;
    if (http_now() >= all.until) atomic_fetch_add(&all.unexpected, 1);
    close(socket);
    return NULL;
}

static void *leave_halfway(void *context) {
    (void)context;
    const whole_request *request = &all.requests[0];
    int socket = http_connect(all.port, PATIENCE);
    if (socket < 0) return NULL;
    http_send(socket, request->bytes, request->size / 2);
    usleep(20000);
    close(socket);
    return NULL;
}

static void run(void *(*client)(void *)) {
    pthread_t threads[MAX_CLIENTS];
    int started = 0;
    while (started < all.clients && pthread_create(&threads[started], NULL, client, NULL) == 0)
        started++;
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (started < all.clients) fprintf(stderr, "load: only %d clients\n", started);
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int report(double seconds) {
    long n = all.timed < MAX_TIMES ? all.timed : MAX_TIMES;
    for (int status = 0; status < 1000; status++)
        if (all.statuses[status]) printf("status %d: %d\n", status, all.statuses[status]);
    qsort(all.times, (size_t)n, sizeof *all.times, compare);
    if (n > 0)
        printf("median %.4f s, p99 %.4f s, longest %.4f s, %.2f per second\n", all.times[n / 2],
               all.times[n - 1 - n / 100], all.times[n - 1], (double)n / seconds);
    printf("lost %d, unexpected %d\n", all.lost, all.unexpected);
    return all.lost || all.unexpected;
}

static void add(char *bytes, size_t size, int expected) {
    if (!bytes) {
        fprintf(stderr, "load: a photograph cannot be read\n");
        exit(2);
    }
    all.requests = realloc(all.requests, (all.count + 1) * sizeof *all.requests);
    all.requests[all.count++] = (whole_request){bytes, size, expected};
}

static void add_text(const char *text, int expected) {
    add(strdup(text), strlen(text), expected);
}

static void add_form(const char *path, const char *fields, const char *file, int expected) {
    size_t size = 0;
    char *bytes = http_form(path, fields, file, &size);
    add(bytes, size, expected);
}

/* Every kind of request, and every kind of mistake that leaves the connection usable or not. */
static void add_mixture(const char *file) {
    add_form("/v1/detect", "prompt=a cat&prompt=a person", file, 200);
    add_form("/v1/classify", "prompt=a cat&prompt=a dog", file, 200);
    add_form("/v1/embed", "", file, 200);
    add_text("POST /v1/embed?text=a+boat HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded"
             "\r\nContent-Length: 10\r\n\r\ntext=a+cat",
             200);
    add_text("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200);
    add_text("GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 200);
    add_text("GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 404);
    add_text("POST /v1/detect?prompt=a HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: image/png\r\nContent-Length: "
             "3\r\n\r\nabc",
             415);
    add_text("DELETE /v1/detect HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 405);
    add_form("/v1/classify", "prompt=a cat&nonsense=1", file, 422);
    add_form("/v1/detect", "prompt=a flower&method=region", file, 200);
}

static int number(const char *text) {
    return atoi(text) > 0 ? atoi(text) : 1;
}

static int usage(void) {
    fprintf(stderr, "usage: see the head of load.c\n");
    return 2;
}

/* arguments: those behind the mode. */
static void *(*set_up(const char *mode, int count, char **arguments))(void *) {
    all.clients = number(arguments[0]) < MAX_CLIENTS ? number(arguments[0]) : MAX_CLIENTS;
    all.limit = all.clients;
    if (strcmp(mode, "steady") == 0 && count >= 5) {
        all.limit = number(arguments[1]);
        for (int i = 4; i < count; i++)
            add_form(arguments[2], arguments[3], arguments[i], 200);
        return ask;
    }
    if (strcmp(mode, "mixed") == 0 && count >= 3) {
        all.until = http_now() + number(arguments[1]);
        all.renewal = 7;
        for (int i = 2; i < count; i++)
            add_mixture(arguments[i]);
        return ask;
    }
    if (strcmp(mode, "get") == 0 && count == 3) {
        char text[512];
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", arguments[2]);
        all.limit = number(arguments[1]);
        all.renewal = 10;
        add_text(text, 200);
        return ask;
    }
    if (strcmp(mode, "drip") == 0 && count == 2) {
        all.until = http_now() + number(arguments[1]);
        return drip;
    }
    if (count != 4) return NULL;
    add_form(arguments[1], arguments[2], arguments[3], 200);
    if (strcmp(mode, "burst") == 0) return ask;
    return strcmp(mode, "half") == 0 ? leave_halfway : NULL;
}

int main(int argc, char **argv) {
    if (argc < 5) return usage();
    all.port = number(argv[1]);
    void *(*client)(void *) = set_up(argv[2], argc - 3, argv + 3);
    if (!client) return usage();
    double start = http_now();
    run(client);
    return report(http_now() - start);
}

/*
 * Clients of a server, well-behaved and not.
 *
 *   load PORT steady CLIENTS REQUESTS PATH FIELDS FILE...   each client asks again as soon as it has its answer
 *   load PORT mixed CLIENTS SECONDS FILE...                 the same with all kinds of requests, good and bad
 *   load PORT round CLIENTS REQUESTS FILE...                the same, so many of them: comparable rounds
 *   load PORT burst CLIENTS PATH FIELDS FILE                all at once, one request each
 *   load PORT get CLIENTS REQUESTS PATH                     small requests, a new connection for every tenth
 *   load PORT slow CLIENTS SECONDS PATH FIELDS FILE         the same request again and again, a little at a time
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

#include "mixture.h"

enum { MAX_CLIENTS = 1024, MAX_TIMES = 200000, PATIENCE = 600 };

typedef struct load {
    int port, clients;
    request_list list;
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
    int late = status == 503 && strstr(answer.start, "\"timeout\"");
    int busy = (status == 503 || status == 429) && (late || answer.retry_after > 0);
    if (status != request->expected && !busy) {
        if (status != 0) atomic_fetch_add(&all.unexpected, 1);
        fprintf(stderr, "load: expected status %d, got %d: %.*s\n", request->expected, answer.status,
                (int)strcspn(request->bytes, "\r"), request->bytes);
    }
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
        const whole_request *request = &all.list.items[(size_t)number % all.list.count];
        double start = http_now();
        if (socket < 0) socket = http_connect(all.port, PATIENCE), used = 0;
        int sent = socket >= 0 && http_send(socket, request->bytes, request->size);
        http_answer answer = socket >= 0 ? http_read(socket, 0) : (http_answer){0};
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

/* In fifty pieces, over two seconds. */
static int send_slowly(int socket, const whole_request *request) {
    size_t piece = request->size / 50 + 1;
    for (size_t at = 0; at < request->size; at += piece) {
        size_t left = request->size - at;
        if (!http_send(socket, request->bytes + at, left < piece ? left : piece)) return 0;
        usleep(40000);
    }
    return 1;
}

/* One whose line is thin: it has a right to its answer all the same. */
static void *dawdle(void *context) {
    const whole_request *request = &all.list.items[0];
    (void)context;
    while (http_now() < all.until) {
        double start = http_now();
        int socket = http_connect(all.port, PATIENCE);
        int sent = socket >= 0 && send_slowly(socket, request);
        http_answer answer = sent ? http_read(socket, 10000) : (http_answer){0};
        note(request, answer, http_now() - start);
        if (socket >= 0) close(socket);
    }
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
    const whole_request *request = &all.list.items[0];
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
            list_add_form(&all.list, &(http_upload){arguments[2], arguments[3], arguments[i], NULL, 0}, 200);
        return ask;
    }
    int is_timed = strcmp(mode, "mixed") == 0;
    if ((is_timed || strcmp(mode, "round") == 0) && count >= 3) {
        if (is_timed) all.until = http_now() + number(arguments[1]);
        all.limit = number(arguments[1]);
        all.renewal = 7;
        for (int i = 2; i < count; i++)
            list_add_mixture(&all.list, arguments[i], i);
        return ask;
    }
    if (strcmp(mode, "get") == 0 && count == 3) {
        char text[512];
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", arguments[2]);
        all.limit = number(arguments[1]);
        all.renewal = 10;
        list_add_text(&all.list, text, 200);
        return ask;
    }
    if (strcmp(mode, "drip") == 0 && count == 2) {
        all.until = http_now() + number(arguments[1]);
        return drip;
    }
    if (strcmp(mode, "slow") == 0 && count == 5) {
        all.until = http_now() + number(arguments[1]);
        list_add_form(&all.list, &(http_upload){arguments[2], arguments[3], arguments[4], "image/png", 0}, 200);
        return dawdle;
    }
    if (count != 4) return NULL;
    list_add_form(&all.list, &(http_upload){arguments[1], arguments[2], arguments[3], NULL, 0}, 200);
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

/* What is counted, as Prometheus reads it. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "route.h"

enum { METRICS_STATUSES = 17, METRICS_BOUNDS = 14 };

typedef struct metrics_histogram {
    uint64_t counts[METRICS_BOUNDS + 1];
    double sum;
} metrics_histogram;

typedef struct web_metrics {
    pthread_mutex_t lock;
    double start; /* seconds since 1970 */
    uint64_t requests[ROUTE_KINDS][METRICS_STATUSES];
    metrics_histogram latency[ROUTE_KINDS];
    metrics_histogram requests_together; /* requests that a step of the model worked on */
    metrics_histogram pictures;          /* windows and whole photographs that were encoded in one batch */
    metrics_histogram compute;           /* seconds per step */
    uint64_t prompt_hits, prompt_misses;
    double pace; /* seconds that one request lately took */
} web_metrics;

/* What others know when the text is written. */
typedef struct metrics_now {
    unsigned connections, under_way, queue_limit;
    size_t body_bytes;
    const char *model; /* its public name */
} metrics_now;

void metrics_init(web_metrics *metrics);
void metrics_destroy(web_metrics *metrics);

/* A request was answered, `seconds` after it began. */
void metrics_answered(web_metrics *metrics, route_kind route, unsigned status, double seconds);

/* The model took a step with so many requests. pictures: in its batch; 0 where it was none. */
void metrics_step(web_metrics *metrics, size_t requests, size_t pictures, double seconds);

/* So many requests were done after the model had worked for so long since others were. */
void metrics_done(web_metrics *metrics, size_t requests, double seconds);

void metrics_prompts(web_metrics *metrics, int found);

/* Seconds after which `waiting` requests are done, as things went lately; at least 1, at most 60. */
unsigned metrics_wait(web_metrics *metrics, unsigned waiting);

void metrics_print(web_metrics *metrics, const metrics_now *now, FILE *out);

#endif

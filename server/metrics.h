/* What is counted, as Prometheus reads it. */
#ifndef SERVER_METRICS_H
#define SERVER_METRICS_H

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>

#include "route.h"

enum { METRICS_STATUSES = 20, METRICS_BOUNDS = 14 };

typedef struct metrics_histogram {
    uint64_t counts[METRICS_BOUNDS + 1];
    double sum;
} metrics_histogram;

typedef struct web_metrics {
    pthread_mutex_t lock;
    double start; /* seconds since 1970 */
    uint64_t requests[ROUTE_KINDS][METRICS_STATUSES];
    metrics_histogram latency[ROUTE_KINDS];
    metrics_histogram batch;   /* photographs of requests that were encoded together */
    metrics_histogram compute; /* seconds per turn of the model */
    uint64_t prompt_hits, prompt_misses;
    double pace; /* seconds that one request lately took */
} web_metrics;

/* What others know when the text is written. */
typedef struct metrics_now {
    unsigned connections, under_way, queue_limit;
    size_t body_bytes;
    const char *model;
} metrics_now;

void metrics_init(web_metrics *metrics);
void metrics_destroy(web_metrics *metrics);

/* A request was answered, `seconds` after it began. */
void metrics_answered(web_metrics *metrics, route_kind route, unsigned status, double seconds);

/* The model took a turn over `photographs` of them. */
void metrics_computed(web_metrics *metrics, size_t photographs, double seconds);

void metrics_prompts(web_metrics *metrics, int found);

/* Seconds after which `waiting` requests are done, as things went lately; at least 1, at most 60. */
unsigned metrics_wait(web_metrics *metrics, unsigned waiting);

void metrics_print(web_metrics *metrics, const metrics_now *now, FILE *out);

#endif

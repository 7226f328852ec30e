#include "metrics.h"

#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clipsight.h"

/* The last stands for all others. */
static const unsigned STATUSES[METRICS_STATUSES] = {200, 204, 400, 401, 403, 404, 405, 411, 413,
                                                    415, 422, 429, 431, 499, 500, 503, 0};
static const double SECONDS[METRICS_BOUNDS] = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60};
static const double AMOUNTS[METRICS_BOUNDS] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128};

void metrics_init(web_metrics *metrics) {
    memset(metrics, 0, sizeof *metrics);
    pthread_mutex_init(&metrics->lock, NULL);
    metrics->start = (double)time(NULL);
}

void metrics_destroy(web_metrics *metrics) {
    pthread_mutex_destroy(&metrics->lock);
}

static void observe(metrics_histogram *histogram, const double *bounds, double value) {
    int at = 0;
    while (at < METRICS_BOUNDS && value > bounds[at])
        at++;
    histogram->counts[at]++;
    histogram->sum += value;
}

static int status_index(unsigned status) {
    int at = 0;
    while (STATUSES[at] != status && STATUSES[at] != 0)
        at++;
    return at;
}

void metrics_answered(web_metrics *metrics, route_kind route, unsigned status, double seconds) {
    pthread_mutex_lock(&metrics->lock);
    metrics->requests[route][status_index(status)]++;
    observe(&metrics->latency[route], SECONDS, seconds);
    pthread_mutex_unlock(&metrics->lock);
}

void metrics_step(web_metrics *metrics, size_t requests, size_t pictures, double seconds) {
    pthread_mutex_lock(&metrics->lock);
    observe(&metrics->requests_together, AMOUNTS, (double)requests);
    if (pictures > 0) observe(&metrics->pictures, AMOUNTS, (double)pictures);
    observe(&metrics->compute, SECONDS, seconds);
    pthread_mutex_unlock(&metrics->lock);
}

void metrics_done(web_metrics *metrics, size_t requests, double seconds) {
    pthread_mutex_lock(&metrics->lock);
    metrics->pace = 0.9 * metrics->pace + 0.1 * seconds / (double)requests;
    pthread_mutex_unlock(&metrics->lock);
}

void metrics_prompts(web_metrics *metrics, int found) {
    pthread_mutex_lock(&metrics->lock);
    if (found)
        metrics->prompt_hits++;
    else
        metrics->prompt_misses++;
    pthread_mutex_unlock(&metrics->lock);
}

unsigned metrics_wait(web_metrics *metrics, unsigned waiting) {
    pthread_mutex_lock(&metrics->lock);
    double seconds = ceil(metrics->pace * waiting);
    pthread_mutex_unlock(&metrics->lock);
    return seconds < 1 ? 1 : seconds > 60 ? 60 : (unsigned)seconds;
}

static void print_head(FILE *out, const char *name, const char *kind, const char *help) {
    fprintf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

/* labels: "route=\"detect\"," or "" */
static void print_histogram(FILE *out, const char *name, const char *labels, const double *bounds,
                            const metrics_histogram *histogram) {
    uint64_t count = 0;
    int length = (int)strlen(labels);
    for (int i = 0; i < METRICS_BOUNDS; i++) {
        count += histogram->counts[i];
        fprintf(out, "%s_bucket{%sle=\"%g\"} %llu\n", name, labels, bounds[i], (unsigned long long)count);
    }
    count += histogram->counts[METRICS_BOUNDS];
    fprintf(out, "%s_bucket{%sle=\"+Inf\"} %llu\n", name, labels, (unsigned long long)count);
    const char *open = length ? "{" : "", *close = length ? "}" : "";
    int kept = length ? length - 1 : 0; /* without the comma */
    fprintf(out, "%s_sum%s%.*s%s %.6f\n", name, open, kept, labels, close, histogram->sum);
    fprintf(out, "%s_count%s%.*s%s %llu\n", name, open, kept, labels, close, (unsigned long long)count);
}

static uint64_t total(const metrics_histogram *histogram) {
    uint64_t count = 0;
    for (int i = 0; i <= METRICS_BOUNDS; i++)
        count += histogram->counts[i];
    return count;
}

static void print_requests(const web_metrics *metrics, FILE *out) {
    print_head(out, "clipsight_requests_total", "counter", "Requests that were answered.");
    for (int route = 0; route < ROUTE_KINDS; route++)
        for (int i = 0; i < METRICS_STATUSES; i++)
            if (metrics->requests[route][i])
                fprintf(out, "clipsight_requests_total{route=\"%s\",status=\"%u\"} %llu\n", route_name(route),
                        STATUSES[i], (unsigned long long)metrics->requests[route][i]);
    print_head(out, "clipsight_request_seconds", "histogram", "From the first line of a request to its answer.");
    for (int route = 0; route < ROUTE_KINDS; route++) {
        char labels[64];
        snprintf(labels, sizeof labels, "route=\"%s\",", route_name(route));
        if (total(&metrics->latency[route]))
            print_histogram(out, "clipsight_request_seconds", labels, SECONDS, &metrics->latency[route]);
    }
}

static void print_model(const web_metrics *metrics, FILE *out) {
    print_head(out, "clipsight_batch_photographs", "histogram", "Requests that one step of the model worked on.");
    print_histogram(out, "clipsight_batch_photographs", "", AMOUNTS, &metrics->requests_together);
    print_head(out, "clipsight_batch_pictures", "histogram", "Windows and whole photographs encoded in one batch.");
    print_histogram(out, "clipsight_batch_pictures", "", AMOUNTS, &metrics->pictures);
    print_head(out, "clipsight_compute_seconds", "histogram", "Time of one step of the model.");
    print_histogram(out, "clipsight_compute_seconds", "", SECONDS, &metrics->compute);
    print_head(out, "clipsight_prompt_cache_total", "counter", "Prompt sets that were or were not encoded already.");
    fprintf(out, "clipsight_prompt_cache_total{result=\"hit\"} %llu\n", (unsigned long long)metrics->prompt_hits);
    fprintf(out, "clipsight_prompt_cache_total{result=\"miss\"} %llu\n", (unsigned long long)metrics->prompt_misses);
}

/* Pages that are in memory: the second number of this file. */
static double resident_bytes(void) {
    unsigned long size = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    int read = file ? fscanf(file, "%lu %lu", &size, &resident) : 0;
    if (file) fclose(file);
    return read == 2 ? (double)resident * (double)sysconf(_SC_PAGESIZE) : 0;
}

static void print_gauge(FILE *out, const char *name, const char *help, double value) {
    print_head(out, name, "gauge", help);
    fprintf(out, "%s %.15g\n", name, value);
}

static void print_now(const web_metrics *metrics, const metrics_now *now, FILE *out) {
    print_gauge(out, "clipsight_queue_length", "Requests that wait or are worked on.", now->under_way);
    print_gauge(out, "clipsight_queue_limit", "How many of them there can be.", now->queue_limit);
    print_gauge(out, "clipsight_connections", "Connections that are open.", now->connections);
    print_gauge(out, "clipsight_body_bytes", "Bytes of request bodies that are held.", (double)now->body_bytes);
    print_gauge(out, "process_resident_memory_bytes", "Memory of the process.", resident_bytes());
    print_gauge(out, "process_start_time_seconds", "When the server began, since 1970.", metrics->start);
    print_head(out, "clipsight_build_info", "gauge", "Which clipsight and which model this is.");
    fprintf(out, "clipsight_build_info{version=\"%s\",model=\"", cs_version());
    for (const char *at = now->model; *at; at++)
        fprintf(out, "%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at == '\n' ? ' ' : *at);
    fprintf(out, "\"} 1\n");
}

void metrics_print(web_metrics *metrics, const metrics_now *now, FILE *out) {
    pthread_mutex_lock(&metrics->lock);
    print_requests(metrics, out);
    print_model(metrics, out);
    print_now(metrics, now, out);
    pthread_mutex_unlock(&metrics->lock);
}

#include "server.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "intake.h"
#include "listen.h"
#include "no_memory.h"
#include "public_name.h"

/* Signals wake the main thread alone, which then asks options->stopped(). */
static void block_signals(int how) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(how, &set, NULL);
}

/* Naps from one tidying to the next: ten seconds. */
enum { TIDY_NAPS = 100 };

static void nap(void) {
    const struct timespec tenth = {0, 100000000};
    nanosleep(&tenth, NULL);
}

/* Clients that are too slow, and those that are not there any more. */
static void watch(web_service *service) {
    peers_end_slow(&service->peers, service->options->limits.seconds);
    if (peers_find_gone(&service->peers) > 0) pipeline_look_again(service->pipeline);
}

static void run_until_stopped(web_service *service) {
    const server_options *options = service->options;
    int worked = 0;
    for (unsigned naps = 1; !options->stopped(); naps++) {
        watch(service);
        worked |= atomic_load(&service->requests) > 0;
        if (naps % TIDY_NAPS == 0 && worked) {
            if (options->tidy) options->tidy();
            worked = 0;
        }
        nap();
    }
}

/* No new connections; what was begun has its time. Requests that are still coming in are turned away. */
static void finish(web_service *service, struct MHD_Daemon *daemon) {
    double end = clock_seconds() + service->options->limits.seconds;
    atomic_store(&service->stopping, 1);
    int socket = MHD_quiesce_daemon(daemon);
    if (socket >= 0) close(socket);
    while (atomic_load(&service->requests) > 0 && clock_seconds() < end) {
        watch(service);
        nap();
    }
    pipeline_hurry(service->pipeline);
    while (pipeline_length(service->pipeline) > 0)
        nap();
    nap(); /* the last connections wake up */
    MHD_stop_daemon(daemon);
}

/* Threads that begin here leave signals to the main one. */
static cs_status begin(web_service *service, struct MHD_Daemon **daemon, char **url, cs_error *error) {
    service->pipeline =
        pipeline_start(service->options, &service->metrics, &service->prompts, service->catalog, intake_done, service);
    if (service->pipeline) return listen_start(service, daemon, url, error);
    return no_memory(error);
}

static cs_status serve(web_service *service, cs_error *error) {
    struct MHD_Daemon *daemon = NULL;
    char *url = NULL;
    block_signals(SIG_BLOCK);
    cs_status status = begin(service, &daemon, &url, error);
    block_signals(SIG_UNBLOCK);
    if (status == CS_OK) {
        service->options->listening(url);
        run_until_stopped(service);
        finish(service, daemon);
    }
    free(url);
    pipeline_stop(service->pipeline);
    return status;
}

cs_status server_run(const server_options *options, cs_error *error) {
    web_service service = {.options = options};
    public_name(options->model_name, service.model_name, sizeof service.model_name);
    peers_init(&service.peers);
    metrics_init(&service.metrics);
    prompt_cache_init(&service.prompts);
    cs_status status = options->store ? catalog_open(options, &service.catalog, error) : CS_OK;
    if (status == CS_OK) status = serve(&service, error);
    catalog_close(service.catalog);
    prompt_cache_destroy(&service.prompts);
    metrics_destroy(&service.metrics);
    peers_destroy(&service.peers);
    return status;
}

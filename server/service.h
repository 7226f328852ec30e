/* All that is alive while the server runs. */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include <stdatomic.h>

#include "catalog.h"
#include "metrics.h"
#include "peer.h"
#include "pipeline.h"
#include "prompt_cache.h"
#include "server.h"

typedef struct web_service {
    const server_options *options;
    char model_name[256]; /* as clients may know it */
    peer_table peers;
    web_metrics metrics;
    prompt_cache prompts;
    web_catalog *catalog; /* NULL: nothing to search in */
    web_pipeline *pipeline;
    atomic_size_t body_bytes; /* held for all requests */
    atomic_uint requests;     /* begun, and not yet over */
    atomic_int stopping;
} web_service;

#endif

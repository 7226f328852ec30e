/* One turn of the model: the requests that it works on together. */
#ifndef SERVER_COMPUTE_H
#define SERVER_COMPUTE_H

#include "metrics.h"
#include "request.h"

/* Photographs that are encoded together at most. */
enum { MAX_TURN = 64 };

typedef struct compute_turn {
    struct web_pipeline *owner;
    web_request **requests; /* [count]; several only where all are embeddings */
    size_t count;
    cs_progress_fn late; /* its context is the turn */
} compute_turn;

/* Gives each request its result, or its answer where that is an error. */
void compute_run(compute_turn *turn, cs_model *model, prompt_cache *cache, web_metrics *metrics);

#endif

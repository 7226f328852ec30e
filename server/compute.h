/* The requests that the model works on together. All of it is for the one thread that has the model. */
#ifndef SERVER_COMPUTE_H
#define SERVER_COMPUTE_H

#include "metrics.h"
#include "queue.h"

typedef struct web_compute web_compute;

typedef struct compute_surroundings {
    cs_model *model;
    prompt_cache *cache;
    web_metrics *metrics;
    int (*late)(void *context, const web_request *request); /* true where its time is over */
    void *context;
} compute_surroundings;

/* NULL where memory is short. */
web_compute *compute_create(const compute_surroundings *surroundings);

/* Nothing may be under way. */
void compute_destroy(web_compute *compute);

/* Requests that were taken in and are not done. */
unsigned compute_count(const web_compute *compute);

/* True while another can be taken in. */
int compute_has_room(const web_compute *compute);

/* Takes a request in, and has its prompts encoded if need be. It shares batches with the others from the next step on.
 */
void compute_add(web_compute *compute, web_request *request);

/* Goes on with those that are under way: one batch, or one of them alone. */
void compute_step(web_compute *compute);

/* The next that is done: it has its result, or its answer where that is an error. NULL: there is none. */
web_request *compute_take(web_compute *compute);

#endif

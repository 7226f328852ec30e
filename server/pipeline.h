/* Where requests wait and are worked on: prepared (fields, photograph), computed by the one thread that has the model,
 * rendered. Each step of a request is done by one thread at a time, so a request needs no lock of its own. */
#ifndef SERVER_PIPELINE_H
#define SERVER_PIPELINE_H

#include "catalog.h"
#include "metrics.h"
#include "request.h"

typedef struct web_pipeline web_pipeline;

/* Called by a thread of the pipeline when the answer is there; the request is the caller's again. */
typedef void pipeline_done_fn(void *context, web_request *request);

/* NULL where memory or threads are short. */
web_pipeline *pipeline_start(const server_options *options, web_metrics *metrics, prompt_cache *cache,
                             web_catalog *catalog, pipeline_done_fn *done, void *context);

/* Takes the request over until it is done. 0: there are too many already. */
int pipeline_offer(web_pipeline *pipeline, web_request *request);

/* Requests that wait or are worked on. */
unsigned pipeline_length(web_pipeline *pipeline);

/* Ends the threads. Nothing may be under way. */
void pipeline_stop(web_pipeline *pipeline);

/* Some whose requests wait have left: their places become free. */
void pipeline_look_again(web_pipeline *pipeline);

/* Lets what is under way end in "timeout" as soon as it can. */
void pipeline_hurry(web_pipeline *pipeline);

#endif

#include "pipeline.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "compute.h"
#include "task_search.h"

/* Two threads prepare and render: the model's own threads use the processors, these mostly wait. */
enum { HELPERS = 2 };

/* Photographs that wait decoded. More would take memory and save no time: the model is the slow part. */
enum { MAX_READY = 32 };

/* Seconds for taking in new requests, whose prompts may have to be encoded, while others are under way. */
static const double INTAKE_SECONDS = 0.1;

struct web_pipeline {
    const server_options *options;
    prompt_cache *cache;
    web_catalog *catalog;
    pipeline_done_fn *done;
    void *context;

    pthread_mutex_t lock;
    pthread_cond_t helpers_wanted, model_wanted;
    web_queue waiting, ready, computed;
    unsigned under_way;
    uint64_t pixels; /* of the photographs that are decoded and not yet done */
    int stopping;
    atomic_int hurrying;

    web_compute *compute; /* the model's thread's own */
    pthread_t model, helpers[HELPERS];
    int model_runs, helpers_run;
};

static uint64_t pixels_of(const web_request *request) {
    const cs_image *image = request->task.image;
    return image ? (uint64_t)cs_image_width(image) * (uint64_t)cs_image_height(image) : 0;
}

static void finish(web_pipeline *pipeline, web_request *request) {
    uint64_t pixels = pixels_of(request);
    task_free(&request->task, pipeline->cache);
    pthread_mutex_lock(&pipeline->lock);
    pipeline->under_way--;
    pipeline->pixels -= pixels;
    pthread_cond_broadcast(&pipeline->helpers_wanted);
    pthread_mutex_unlock(&pipeline->lock);
    pipeline->done(pipeline->context, request);
}

/* Its answer would be of no use any more: nothing more is done for it. */
static int is_late(const web_pipeline *pipeline, const web_request *request) {
    return atomic_load(&pipeline->hurrying) || peer_is_gone(request->peer) || clock_seconds() > request->deadline;
}

static int late(void *context, const web_request *request) {
    return is_late(context, request);
}

static void refuse_late(web_request *request) {
    const cs_error error = {CS_ERR_CANCELLED, ""};
    answer_failure(&request->answer, &error);
}

static int read_fields(web_request *request) {
    fields_status status = FIELDS_OK;
    if (request->media == MEDIA_MULTIPART)
        status = fields_parse_multipart(&request->task.fields, request->body, request->size, request->boundary);
    if (request->media == MEDIA_URLENCODED)
        status = fields_parse_urlencoded(&request->task.fields, request->body, request->size, 0);
    if (status == FIELDS_NO_MEMORY) answer_no_memory(&request->answer);
    if (status == FIELDS_TOO_MANY)
        answer_error(&request->answer, MHD_HTTP_UNPROCESSABLE_CONTENT, "too_many_fields", "expected at most %d fields",
                     MAX_FIELDS);
    if (status == FIELDS_MALFORMED)
        answer_error(&request->answer, MHD_HTTP_BAD_REQUEST, "malformed_body", "the body is no complete form");
    return status == FIELDS_OK;
}

static int is_photo_of_store(const web_request *request) {
    return request->task.route == ROUTE_SEARCH_PHOTO;
}

/* Returns 0 where there is an answer already. */
static int prepare(const web_pipeline *pipeline, web_request *request) {
    if (is_late(pipeline, request)) {
        refuse_late(request);
        return 0;
    }
    if (request->task.found) {
        task_search_open(&request->task, pipeline->options);
        return 1;
    }
    int is_raw = request->media == MEDIA_PHOTOGRAPH;
    return read_fields(request) &&
           task_read(&request->task, pipeline->options, is_raw ? request->body : NULL, request->size,
                     &request->answer) &&
           task_decode(&request->task, pipeline->options, &request->answer) &&
           (!is_photo_of_store(request) ||
            task_photo_open(&request->task, pipeline->catalog, pipeline->options, &request->answer));
}

/* Neither a photograph that is only to be shown, nor a search that has looked at all it has found. */
static int needs_model(const web_request *request) {
    return !is_photo_of_store(request) && (!request->task.found || request->task.image);
}

static void prepare_and_pass_on(web_pipeline *pipeline, web_request *request) {
    int is_ready = prepare(pipeline, request);
    pthread_mutex_lock(&pipeline->lock);
    pipeline->pixels += pixels_of(request);
    if (is_ready && needs_model(request)) {
        queue_push(&pipeline->ready, request);
        pthread_cond_signal(&pipeline->model_wanted);
    } else if (is_ready) {
        queue_push(&pipeline->computed, request);
    }
    pthread_mutex_unlock(&pipeline->lock);
    if (!is_ready) finish(pipeline, request);
}

/* Searches for what the model has encoded, or keeps where it has found things in a photograph. Returns 0 where the
 * answer, or what it is made of, is there. */
static int search(web_pipeline *pipeline, web_request *request) {
    web_task *task = &request->task;
    cs_error error = {CS_OK, ""};
    if (task->route != ROUTE_SEARCH || request->answer.status) return 0;
    if (!task->found) {
        error.code = task_search(task, pipeline->catalog, pipeline->options, &error);
        if (error.code != CS_OK) answer_failure(&request->answer, &error);
    } else if (task->image) {
        uint64_t pixels = pixels_of(request);
        task_search_keep(task);
        pthread_mutex_lock(&pipeline->lock);
        pipeline->pixels -= pixels;
        pthread_mutex_unlock(&pipeline->lock);
    }
    return !request->answer.status && task_search_goes_on(task);
}

/* A search goes to the end of the row for each photograph that it looks at: others need not wait for all of them. */
static void work_on_computed(web_pipeline *pipeline, web_request *request) {
    if (search(pipeline, request)) {
        pthread_mutex_lock(&pipeline->lock);
        queue_push(&pipeline->waiting, request);
        pthread_mutex_unlock(&pipeline->lock);
        return;
    }
    if (!request->answer.status) task_render(&request->task, pipeline->options->model, &request->answer);
    finish(pipeline, request);
}

/* Results go first: they free memory. Decoding stops while enough pixels are waiting. */
static int may_prepare(const web_pipeline *pipeline) {
    return pipeline->waiting.count > 0 && pipeline->ready.count < MAX_READY &&
           pipeline->pixels < pipeline->options->limits.pixels;
}

/* What is late need not wait until it would have its turn. */
static web_request *take_late(web_pipeline *pipeline) {
    web_request *taken = queue_take(&pipeline->waiting, late, pipeline);
    return taken ? taken : queue_take(&pipeline->ready, late, pipeline);
}

static void turn_away(web_pipeline *pipeline, web_request *request) {
    refuse_late(request);
    finish(pipeline, request);
}

/* Called with the lock held, which is free while it works. Returns 0 where there is nothing to do. */
static int help_once(web_pipeline *pipeline) {
    web_request *computed = queue_pop(&pipeline->computed);
    web_request *waiting = !computed && may_prepare(pipeline) ? queue_pop(&pipeline->waiting) : NULL;
    web_request *overdue = !computed && !waiting ? take_late(pipeline) : NULL;
    if (!computed && !waiting && !overdue) return 0;
    pthread_mutex_unlock(&pipeline->lock);
    if (computed) work_on_computed(pipeline, computed);
    if (waiting) prepare_and_pass_on(pipeline, waiting);
    if (overdue) turn_away(pipeline, overdue);
    pthread_mutex_lock(&pipeline->lock);
    return 1;
}

static void *help(void *context) {
    web_pipeline *pipeline = context;
    pthread_mutex_lock(&pipeline->lock);
    for (;;) {
        if (help_once(pipeline)) continue;
        if (pipeline->stopping) break;
        pthread_cond_wait(&pipeline->helpers_wanted, &pipeline->lock);
    }
    pthread_mutex_unlock(&pipeline->lock);
    return NULL;
}

/* Called with the lock held. New requests join those under way between two steps. */
static void take_in(web_pipeline *pipeline) {
    double until = clock_seconds() + INTAKE_SECONDS;
    while (pipeline->ready.count > 0 && compute_has_room(pipeline->compute) && clock_seconds() < until) {
        web_request *taken = queue_pop(&pipeline->ready);
        pthread_cond_broadcast(&pipeline->helpers_wanted);
        pthread_mutex_unlock(&pipeline->lock);
        compute_add(pipeline->compute, taken);
        pthread_mutex_lock(&pipeline->lock);
    }
}

/* Likewise. */
static void hand_on(web_pipeline *pipeline) {
    for (web_request *done; (done = compute_take(pipeline->compute));)
        queue_push(&pipeline->computed, done);
    pthread_cond_broadcast(&pipeline->helpers_wanted);
}

/* Likewise. Returns 0 where the thread is to end. */
static int wait_for_work(web_pipeline *pipeline) {
    while (pipeline->ready.count == 0 && compute_count(pipeline->compute) == 0) {
        if (pipeline->stopping) return 0;
        pthread_cond_wait(&pipeline->model_wanted, &pipeline->lock);
    }
    return 1;
}

static void *compute(void *context) {
    web_pipeline *pipeline = context;
    pthread_mutex_lock(&pipeline->lock);
    while (wait_for_work(pipeline)) {
        take_in(pipeline);
        hand_on(pipeline);
        pthread_mutex_unlock(&pipeline->lock);
        compute_step(pipeline->compute);
        pthread_mutex_lock(&pipeline->lock);
        hand_on(pipeline);
    }
    pthread_mutex_unlock(&pipeline->lock);
    return NULL;
}

int pipeline_offer(web_pipeline *pipeline, web_request *request) {
    pthread_mutex_lock(&pipeline->lock);
    int taken = pipeline->under_way < pipeline->options->limits.queue;
    if (taken) {
        pipeline->under_way++;
        queue_push(&pipeline->waiting, request);
        pthread_cond_signal(&pipeline->helpers_wanted);
    }
    pthread_mutex_unlock(&pipeline->lock);
    return taken;
}

unsigned pipeline_length(web_pipeline *pipeline) {
    pthread_mutex_lock(&pipeline->lock);
    unsigned length = pipeline->under_way;
    pthread_mutex_unlock(&pipeline->lock);
    return length;
}

void pipeline_look_again(web_pipeline *pipeline) {
    pthread_mutex_lock(&pipeline->lock);
    pthread_cond_broadcast(&pipeline->helpers_wanted);
    pthread_mutex_unlock(&pipeline->lock);
}

void pipeline_hurry(web_pipeline *pipeline) {
    atomic_store(&pipeline->hurrying, 1);
    pipeline_look_again(pipeline);
}

void pipeline_stop(web_pipeline *pipeline) {
    if (!pipeline) return;
    pthread_mutex_lock(&pipeline->lock);
    pipeline->stopping = 1;
    pthread_cond_broadcast(&pipeline->helpers_wanted);
    pthread_cond_broadcast(&pipeline->model_wanted);
    pthread_mutex_unlock(&pipeline->lock);
    if (pipeline->model_runs) pthread_join(pipeline->model, NULL);
    for (int i = 0; i < pipeline->helpers_run; i++)
        pthread_join(pipeline->helpers[i], NULL);
    pthread_cond_destroy(&pipeline->helpers_wanted);
    pthread_cond_destroy(&pipeline->model_wanted);
    pthread_mutex_destroy(&pipeline->lock);
    compute_destroy(pipeline->compute);
    free(pipeline);
}

web_pipeline *pipeline_start(const server_options *options, web_metrics *metrics, prompt_cache *cache,
                             web_catalog *catalog, pipeline_done_fn *done, void *context) {
    web_pipeline *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    const compute_surroundings around = {options->model, cache, metrics, late, made};
    made->compute = compute_create(&around);
    if (!made->compute) {
        free(made);
        return NULL;
    }
    made->options = options, made->cache = cache, made->catalog = catalog;
    made->done = done, made->context = context;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->helpers_wanted, NULL);
    pthread_cond_init(&made->model_wanted, NULL);
    made->model_runs = pthread_create(&made->model, NULL, compute, made) == 0;
    while (made->helpers_run < HELPERS && pthread_create(&made->helpers[made->helpers_run], NULL, help, made) == 0)
        made->helpers_run++;
    if (made->model_runs && made->helpers_run > 0) return made;
    pipeline_stop(made);
    return NULL;
}

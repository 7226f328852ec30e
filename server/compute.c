#include "compute.h"

#include <stdlib.h>

#include "clock.h"

/* Requests under way: as many as wait at all, unless there is a longer queue. Their photographs are decoded. */
enum { MAX_UNDER_WAY = 64 };

/* Bytes of maps that are being made. One more may begin below this, so that no request is too large by itself. */
static const size_t MAX_MAPS = (size_t)128 << 20;

/* A request under way; its progress and its job know it by this. */
typedef struct compute_slot {
    web_compute *owner;
    web_request *request; /* NULL: the slot is free */
    float *embedding;     /* [dim], of the whole photograph */
} compute_slot;

struct web_compute {
    compute_surroundings around;
    cs_jobs *jobs;
    compute_slot slots[MAX_UNDER_WAY];
    float *embeddings; /* [MAX_UNDER_WAY, dim] */
    unsigned count;
    web_queue done;
    double busy; /* seconds since the last one was done, without those in which there was nothing to do */
};

web_compute *compute_create(const compute_surroundings *surroundings) {
    size_t dim = (size_t)cs_model_dim(surroundings->model);
    web_compute *made = calloc(1, sizeof *made);
    if (!made) return NULL;
    made->around = *surroundings;
    made->embeddings = calloc(MAX_UNDER_WAY * dim, sizeof *made->embeddings);
    if (!made->embeddings || cs_jobs_create(surroundings->model, &made->jobs, NULL) != CS_OK) {
        compute_destroy(made);
        return NULL;
    }
    for (size_t i = 0; i < MAX_UNDER_WAY; i++)
        made->slots[i] = (compute_slot){made, NULL, made->embeddings + i * dim};
    return made;
}

void compute_destroy(web_compute *compute) {
    if (!compute) return;
    cs_jobs_destroy(compute->jobs);
    free(compute->embeddings);
    free(compute);
}

unsigned compute_count(const web_compute *compute) {
    return compute->count;
}

int compute_has_room(const web_compute *compute) {
    return compute->count < MAX_UNDER_WAY && cs_jobs_bytes(compute->jobs) < MAX_MAPS;
}

static cs_status get_set(web_compute *compute, const web_task *task, int negative, prompt_set **set, cs_error *error) {
    int found = 0;
    const char *const *labels = negative ? task->negatives : task->labels;
    size_t count = negative ? task->negative_count : task->label_count;
    if (count == 0) return CS_OK;
    cs_status status = prompt_cache_get(compute->around.cache, compute->around.model, labels, count,
                                        task->wishes.text_template, set, &found, error);
    metrics_prompts(compute->around.metrics, found);
    return status;
}

static cs_status get_prompts(web_compute *compute, web_task *task, cs_error *error) {
    if (task->route == ROUTE_EMBED || task->prompts) return CS_OK;
    cs_status status = get_set(compute, task, 0, &task->prompts, error);
    return status == CS_OK ? get_set(compute, task, 1, &task->doubts, error) : status;
}

static int on_progress(void *context, size_t done, size_t total) {
    const compute_slot *slot = context;
    const compute_surroundings *around = &slot->owner->around;
    (void)done, (void)total;
    return around->late(around->context, slot->request);
}

static compute_slot *free_slot(web_compute *compute) {
    compute_slot *slot = compute->slots;
    while (slot->request)
        slot++;
    return slot;
}

static cs_status begin(web_compute *compute, web_request *request, cs_error *error) {
    compute_slot *slot = free_slot(compute);
    const task_job job = {compute->jobs, slot, {on_progress, slot}, slot->embedding};
    slot->request = request;
    cs_status status = task_begin(&request->task, compute->around.model, &job, error);
    if (status == CS_OK)
        compute->count++;
    else
        slot->request = NULL;
    return status;
}

/* A request that failed has an answer instead of a result. */
static void end(web_compute *compute, web_request *request, cs_status status, cs_error *error) {
    error->code = status;
    if (status != CS_OK) answer_failure(&request->answer, error);
    queue_push(&compute->done, request);
}

static cs_status embed_texts(web_compute *compute, web_task *task, cs_error *error) {
    double start = clock_seconds();
    cs_status status = task_embed_texts(task, compute->around.model, error);
    metrics_step(compute->around.metrics, 1, 0, clock_seconds() - start);
    return status;
}

void compute_add(web_compute *compute, web_request *request) {
    cs_error error = {CS_OK, ""};
    double start = clock_seconds();
    web_task *task = &request->task;
    int is_late = compute->around.late(compute->around.context, request);
    cs_status status = is_late ? CS_ERR_CANCELLED : get_prompts(compute, task, &error);
    if (status == CS_OK && task->image)
        status = begin(compute, request, &error);
    else if (status == CS_OK && task->route == ROUTE_EMBED)
        status = embed_texts(compute, task, &error);
    if (status != CS_OK || !task->image) end(compute, request, status, &error);
    compute->busy += clock_seconds() - start;
}

static void take_results(web_compute *compute) {
    cs_job_result result;
    while (cs_jobs_take(compute->jobs, &result)) {
        compute_slot *slot = result.tag;
        web_request *request = slot->request;
        cs_status status = task_end(&request->task, compute->around.model, &result, slot->embedding, &result.error);
        slot->request = NULL;
        compute->count--;
        end(compute, request, status, &result.error);
    }
}

void compute_step(web_compute *compute) {
    cs_step step;
    double start = clock_seconds();
    cs_jobs_step(compute->jobs, &step);
    double seconds = clock_seconds() - start;
    if (step.jobs > 0) metrics_step(compute->around.metrics, step.jobs, step.pictures, seconds);
    take_results(compute);
    compute->busy += clock_seconds() - start;
}

web_request *compute_take(web_compute *compute) {
    if (compute->done.count > 0 && compute->busy > 0) {
        metrics_done(compute->around.metrics, compute->done.count, compute->busy);
        compute->busy = 0;
    }
    return queue_pop(&compute->done);
}

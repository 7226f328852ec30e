#include "compute.h"

#include <stdlib.h>

#include "clock.h"

static cs_status get_set(prompt_cache *cache, cs_model *model, const web_task *task, int negative, prompt_set **set,
                         web_metrics *metrics, cs_error *error) {
    int found = 0;
    const char *const *labels = negative ? task->negatives : task->labels;
    size_t count = negative ? task->negative_count : task->label_count;
    if (count == 0) return CS_OK;
    cs_status status = prompt_cache_get(cache, model, labels, count, task->wishes.text_template, set, &found, error);
    metrics_prompts(metrics, found);
    return status;
}

static cs_status get_prompts(prompt_cache *cache, cs_model *model, web_task *task, web_metrics *metrics,
                             cs_error *error) {
    if (task->route == ROUTE_EMBED) return CS_OK;
    cs_status status = get_set(cache, model, task, 0, &task->prompts, metrics, error);
    return status == CS_OK ? get_set(cache, model, task, 1, &task->doubts, metrics, error) : status;
}

/* A request that failed, or has no time left, drops out of the turn. */
static void fail(web_request *request, cs_status status, cs_error *error) {
    if (status == CS_OK) return;
    error->code = status;
    answer_failure(&request->answer, error);
}

static void compute_one(compute_turn *turn, cs_model *model) {
    web_request *request = turn->requests[0];
    const cs_progress progress = {turn->late, turn};
    cs_error error = {CS_OK, ""};
    fail(request, task_compute(&request->task, model, &progress, &error), &error);
}

/* embeddings: [alive, dim] */
static void share_out(web_request **alive, size_t count, cs_model *model, const float *embeddings) {
    size_t dim = (size_t)cs_model_dim(model);
    cs_error error = {CS_OK, ""};
    for (size_t i = 0; i < count; i++)
        fail(alive[i], task_take_embedding(&alive[i]->task, model, embeddings + i * dim, &error), &error);
}

static void compute_together(web_request **alive, size_t count, cs_model *model) {
    const cs_image *images[MAX_TURN];
    cs_error error = {CS_ERR_MEMORY, ""};
    for (size_t i = 0; i < count; i++)
        images[i] = alive[i]->task.image;
    float *embeddings = calloc(count * (size_t)cs_model_dim(model), sizeof *embeddings);
    cs_status status = embeddings ? cs_model_embed_images(model, images, count, embeddings, &error) : CS_ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        fail(alive[i], status, &error);
    if (status == CS_OK) share_out(alive, count, model, embeddings);
    free(embeddings);
}

/* Those that still have time, with their prompts. */
static size_t prepare(compute_turn *turn, cs_model *model, prompt_cache *cache, web_metrics *metrics,
                      web_request **alive) {
    size_t count = 0;
    double now = clock_seconds();
    for (size_t i = 0; i < turn->count; i++) {
        web_request *each = turn->requests[i];
        cs_error error = {CS_OK, ""};
        cs_status status = now > each->deadline ? CS_ERR_CANCELLED : CS_OK;
        if (status == CS_OK) status = get_prompts(cache, model, &each->task, metrics, &error);
        fail(each, status, &error);
        if (status == CS_OK) alive[count++] = each;
    }
    return count;
}

void compute_run(compute_turn *turn, cs_model *model, prompt_cache *cache, web_metrics *metrics) {
    web_request *alive[MAX_TURN];
    double start = clock_seconds();
    size_t count = prepare(turn, model, cache, metrics, alive);
    if (count == 0) return;
    if (task_is_embedding(&alive[0]->task))
        compute_together(alive, count, model);
    else
        compute_one(turn, model);
    metrics_computed(metrics, count, clock_seconds() - start);
}

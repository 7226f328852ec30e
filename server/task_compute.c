/* The part of a task that needs the model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "task.h"

/* "{}" in the template gives way to the text. */
static char *fill(const char *text_template, const char *text) {
    const char *hole = text_template ? strstr(text_template, "{}") : NULL;
    char *filled = NULL;
    if (!hole) return strdup(text);
    return asprintf(&filled, "%.*s%s%s", (int)(hole - text_template), text_template, text, hole + 2) < 0 ? NULL
                                                                                                         : filled;
}

static void free_texts(char **texts, size_t n) {
    for (size_t i = 0; texts && i < n; i++)
        free(texts[i]);
    free(texts);
}

cs_status task_embed_texts(web_task *task, cs_model *model, cs_error *error) {
    size_t n = task->label_count, filled = 0;
    char **texts = calloc(n, sizeof *texts);
    task->numbers = calloc(n * (size_t)cs_model_dim(model), sizeof *task->numbers);
    for (; texts && filled < n; filled++) {
        texts[filled] = fill(task->wishes.text_template, task->labels[filled]);
        if (!texts[filled]) break;
    }
    cs_status status = task->numbers && filled == n ? CS_OK : no_memory(error);
    if (status == CS_OK) status = cs_model_embed_texts(model, (const char *const *)texts, n, task->numbers, error);
    free_texts(texts, n);
    return status;
}

cs_status task_begin(web_task *task, const cs_model *model, const task_job *job, cs_error *error) {
    cs_detect_options options = task_detect_options(task, model);
    options.localize.progress = job->progress;
    if (task->route == ROUTE_LOCALIZE)
        return cs_jobs_add_localize(job->jobs, task->prompts->prompts, task->image, &options.localize, job->tag, error);
    if (task->route == ROUTE_DETECT || task->route == ROUTE_SEARCH)
        return cs_jobs_add_detect(job->jobs, task->prompts->prompts, task->image, &options, job->tag, error);
    return cs_jobs_add_embed(job->jobs, task->image, job->embedding, job->tag, error);
}

static cs_status take_embedding(web_task *task, const cs_model *model, const float *embedding, cs_error *error) {
    size_t count = task->route == ROUTE_EMBED ? (size_t)cs_model_dim(model) : 2 * task->label_count;
    task->numbers = calloc(count, sizeof *task->numbers);
    if (!task->numbers) return no_memory(error);
    if (task->route == ROUTE_EMBED) {
        memcpy(task->numbers, embedding, count * sizeof *embedding);
        return CS_OK;
    }
    return cs_classify_embedding(model, task->prompts->prompts, embedding, task->numbers,
                                 task->numbers + task->label_count, error);
}

cs_status task_end(web_task *task, const cs_model *model, const cs_job_result *result, const float *embedding,
                   cs_error *error) {
    if (result->status != CS_OK) {
        *error = result->error;
        return result->status;
    }
    task->maps = result->maps;
    task->detections = result->detections;
    return task->maps || task->detections ? CS_OK : take_embedding(task, model, embedding, error);
}

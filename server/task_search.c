#include "task_search.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "no_memory.h"
#include "stored_photo.h"

static const char LINK[] = "/v1/search/photo?id=";

/* A hit, and what was seen in it. */
typedef struct seen_hit {
    char link[sizeof LINK + HANDLE_DIGITS];
    cs_detections *boxes;
    char *problem;
} seen_hit;

struct search_found {
    cs_hits *hits;
    cs_query_label *labels; /* [queries] */
    cs_query *queries;      /* [queries] */
    size_t query_count;
    seen_hit *seen; /* [count] */
    cs_hit_note *notes;
    size_t count, next; /* hits, and the one to be looked at next */
};

void task_search_free(search_found *found) {
    if (!found) return;
    for (size_t i = 0; found->seen && i < found->count; i++) {
        cs_detections_destroy(found->seen[i].boxes);
        free(found->seen[i].problem);
    }
    free(found->seen);
    free(found->notes);
    free(found->labels);
    free(found->queries);
    cs_hits_free(found->hits);
    free(found);
}

/* ---- Searching ---- */

static void add(search_found *found, const char *const *texts, size_t count, const prompt_set *set, size_t dim,
                float weight) {
    for (size_t i = 0; i < count; i++) {
        found->labels[found->query_count] = (cs_query_label){texts[i], NULL, weight};
        found->queries[found->query_count++] = (cs_query){cs_prompts_embeddings(set->prompts) + i * dim, weight};
    }
}

static search_found *create(const web_task *task, size_t dim) {
    search_found *made = calloc(1, sizeof *made);
    size_t most = task->label_count + task->negative_count;
    if (!made) return NULL;
    made->labels = calloc(most, sizeof *made->labels);
    made->queries = calloc(most, sizeof *made->queries);
    if (!made->labels || !made->queries) {
        task_search_free(made);
        return NULL;
    }
    add(made, task->labels, task->label_count, task->prompts, dim, 1);
    if (task->doubts) add(made, task->negatives, task->negative_count, task->doubts, dim, CS_SEARCH_UNWANTED);
    return made;
}

static cs_status prepare_hits(search_found *found, web_catalog *catalog, cs_error *error) {
    found->count = cs_hits_count(found->hits);
    found->seen = calloc(found->count + 1, sizeof *found->seen);
    found->notes = calloc(found->count + 1, sizeof *found->notes);
    if (!found->seen || !found->notes) return no_memory(error);
    for (size_t i = 0; i < found->count; i++) {
        char handle[HANDLE_DIGITS + 1];
        if (!catalog_handle(catalog, cs_hits_get(found->hits, i)->path, handle)) return no_memory(error);
        snprintf(found->seen[i].link, sizeof found->seen[i].link, "%s%s", LINK, handle);
    }
    return CS_OK;
}

cs_status task_search(web_task *task, web_catalog *catalog, const server_options *options, cs_error *error) {
    const task_wishes *wishes = &task->wishes;
    const cs_search_options wanted = {.top = (size_t)wishes->top,
                                      .exact = wishes->exact,
                                      .has_min_score = !isnan(wishes->least),
                                      .min_score = (float)wishes->least};
    search_found *found = task->found = create(task, (size_t)cs_model_dim(options->model));
    if (!found) return no_memory(error);
    cs_status status = catalog_search(catalog, found->queries, found->query_count, &wanted, &found->hits, error);
    return status == CS_OK ? prepare_hits(found, catalog, error) : status;
}

/* ---- Looking at what was found ---- */

int task_search_goes_on(const web_task *task) {
    return task->found && task->wishes.where && task->found->next < task->found->count;
}

static cs_status open_hit(web_task *task, const server_options *options, const cs_hit *hit, cs_error *error) {
    cs_status status = stored_photo_open(hit->path, &options->limits, &task->image, error);
    if (status != CS_OK || !task_is_elongated(task->image)) return status;
    cs_image_close(task->image);
    task->image = NULL;
    snprintf(error->message, sizeof error->message, "the photograph is too elongated");
    return CS_ERR_LIMIT;
}

int task_search_open(web_task *task, const server_options *options) {
    search_found *found = task->found;
    for (; task_search_goes_on(task); found->next++) {
        cs_error error = {CS_OK, ""};
        if (open_hit(task, options, cs_hits_get(found->hits, found->next), &error) == CS_OK) return 1;
        found->seen[found->next].problem = strdup(error.message);
    }
    return 0;
}

void task_search_keep(web_task *task) {
    task->found->seen[task->found->next++].boxes = task->detections;
    task->detections = NULL;
    cs_image_close(task->image);
    task->image = NULL;
}

/* ---- The answer ---- */

/* Where photographs lie on this machine is nobody's business, unless the options say otherwise. */
static const char *name_of(const char *path, int show_paths) {
    const char *slash = strrchr(path, '/');
    return !show_paths && slash ? slash + 1 : path;
}

cs_status task_search_report(const web_task *task, char **text, cs_error *error) {
    const search_found *found = task->found;
    for (size_t i = 0; i < found->count; i++) {
        const seen_hit *seen = &found->seen[i];
        const char *name = name_of(cs_hits_get(found->hits, i)->path, task->show_paths);
        found->notes[i] = (cs_hit_note){name, seen->link, seen->boxes, seen->problem};
    }
    const cs_prompts *prompts = task->wishes.where ? task->prompts->prompts : NULL;
    const cs_hits_report report = {found->labels, found->query_count, found->hits, found->notes, prompts};
    return cs_report_hits(CS_FORMAT_JSON, &report, text, error);
}

/* ---- A photograph ---- */

static int not_found(web_answer *answer) {
    answer_error(answer, MHD_HTTP_NOT_FOUND, "not_found",
                 "there is no photograph with this id; ids are given by searches, and not kept for ever");
    return 0;
}

int task_photo_open(web_task *task, web_catalog *catalog, const server_options *options, web_answer *answer) {
    cs_error error = {CS_OK, ""};
    char *path = task->wishes.id ? catalog_path(catalog, task->wishes.id) : NULL;
    if (!path) return not_found(answer);
    error.code = stored_photo_open(path, &options->limits, &task->image, &error);
    free(path);
    if (error.code == CS_ERR_IO)
        answer_error(answer, MHD_HTTP_NOT_FOUND, "not_found", "%s", error.message);
    else if (error.code != CS_OK)
        answer_failure(answer, &error);
    return error.code == CS_OK;
}

cs_status task_photo_encode(const web_task *task, char **bytes, size_t *size, cs_error *error) {
    cs_image *copy = NULL;
    int side = (int)task->wishes.size;
    cs_status status = cs_image_fit(task->image, side, side, &copy, error);
    if (status == CS_OK) status = cs_image_encode(copy, "jpg", bytes, size, error);
    cs_image_close(copy);
    return status;
}

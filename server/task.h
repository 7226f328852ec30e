/* What a request asks to be computed, and what came of it. */
#ifndef SERVER_TASK_H
#define SERVER_TASK_H

#include "answer.h"
#include "fields.h"
#include "prompt_cache.h"
#include "route.h"
#include "server.h"

/* The values of the fields, as the command's options have them. */
typedef struct task_wishes {
    const char *text_template; /* NULL: labels as they are */
    int recipe, method;        /* cs_recipe, cs_method */
    const char *variant;
    long patch, window, stride;
    double threshold; /* 0: the recipe's */
    double min_score; /* negative: the model's */
    double overlap;   /* negative: the library's choice */
    int single;
    int style;  /* cs_heatmap_style; negative: the method's */
    long index; /* of the prompt whose heat map is drawn */

    /* Of searches. */
    long top, size; /* photographs; pixels */
    int exact, where;
    double least;   /* score; NaN: any */
    const char *id; /* of a photograph; NULL: not given */
} task_wishes;

typedef enum task_form { FORM_JSON, FORM_PNG, FORM_NPY } task_form;

/* What a search has found (task_search.h). */
typedef struct search_found search_found;

typedef struct web_task {
    route_kind route;
    task_form form;
    task_wishes wishes;
    field_list fields; /* owns the list, not the texts */
    const char *photo; /* compressed, [photo_size]; belongs to the request's body */
    size_t photo_size;
    char *photo_name;       /* owned */
    const char **labels;    /* [label_count], prompts, or the texts to embed; the texts belong to the request */
    const char **negatives; /* [negative_count] */
    size_t label_count, negative_count;
    cs_image *image; /* decoded; NULL where texts are embedded */
    prompt_set *prompts, *doubts;
    cs_detections *detections; /* the result, as the route has it */
    cs_maps *maps;
    float *numbers;      /* [rows, dim] embeddings, or [2, labels] logits and probabilities */
    search_found *found; /* of a search; NULL: it has not begun */
    int show_paths;      /* in what is answered */
} web_task;

/* Reads the fields and finds the photograph among them. `raw` [raw_size]: a body that is the photograph itself, or
 * NULL. Returns 0 after filling in an answer that says what is wrong. */
int task_read(web_task *task, const server_options *options, const char *raw, size_t raw_size, web_answer *answer);

/* Decodes the photograph. Returns 0 after filling in an answer that says what is wrong. */
int task_decode(web_task *task, const server_options *options, web_answer *answer);

/* True for a photograph so long and narrow that it would take too much memory. */
int task_is_elongated(const cs_image *image);

/* The options of the library's calls; progress is left out. */
cs_localize_options task_localize_options(const web_task *task);
cs_detect_options task_detect_options(const web_task *task, const cs_model *model);

/* How a task is computed together with others. */
typedef struct task_job {
    cs_jobs *jobs;
    void *tag; /* that its result is to have */
    cs_progress progress;
    float *embedding; /* room for that of the whole photograph, [dim] */
} task_job;

/* Gives the work on the photograph to the jobs. Prompts are encoded already. To be called by the model's thread, as
 * what follows. */
cs_status task_begin(web_task *task, const cs_model *model, const task_job *job, cs_error *error);

/* Takes what came of it: the result's maps or boxes, or what follows from the embedding [dim]. error: may be the
 * result's own. */
cs_status task_end(web_task *task, const cs_model *model, const cs_job_result *result, const float *embedding,
                   cs_error *error);

/* The same for texts, at once. */
cs_status task_embed_texts(web_task *task, cs_model *model, cs_error *error);

/* Makes the answer from the result. */
void task_render(web_task *task, const cs_model *model, web_answer *answer);

/* Releases what the task holds; `cache` gets the prompts back. */
void task_free(web_task *task, prompt_cache *cache);

#endif

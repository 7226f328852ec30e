/* GET /v1/search: what a search has found so far. A search that is asked where things are goes through the pipeline
 * once more for each photograph that it has found, in turn with what others ask. */
#ifndef SERVER_TASK_SEARCH_H
#define SERVER_TASK_SEARCH_H

#include "catalog.h"
#include "task.h"

/* Photographs in which one request may ask where things are. */
enum { MOST_LOOKED_AT = 100 };

/* Searches for the prompts, which are encoded already. */
cs_status task_search(web_task *task, web_catalog *catalog, const server_options *options, cs_error *error);

/* True while there are photographs to look at. */
int task_search_goes_on(const web_task *task);

/* Opens the next of them as the task's image; what cannot be opened is noted and passed over. Returns 0 where none is
 * left. */
int task_search_open(web_task *task, const server_options *options);

/* Keeps the boxes that were found in the task's image, and closes it. */
void task_search_keep(web_task *task);

/* The command's own JSON. */
cs_status task_search_report(const web_task *task, char **text, cs_error *error);

void task_search_free(search_found *found);

/* GET /v1/search/photo: opens the photograph that the field `id` stands for. Returns 0 after filling in an answer. */
int task_photo_open(web_task *task, web_catalog *catalog, const server_options *options, web_answer *answer);

/* A JPEG of it that fits into a square of the wanted size. */
cs_status task_photo_encode(const web_task *task, char **bytes, size_t *size, cs_error *error);

#endif

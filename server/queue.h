/* Requests in a row. A request is in one queue at most. */
#ifndef SERVER_QUEUE_H
#define SERVER_QUEUE_H

#include "request.h"

typedef struct web_queue {
    web_request *first, *last;
    unsigned count;
} web_queue;

void queue_push(web_queue *queue, web_request *added);

/* The first one; NULL where there is none. */
web_request *queue_pop(web_queue *queue);

/* The first one for which this is true; likewise. */
web_request *queue_take(web_queue *queue, int (*wanted)(void *context, const web_request *request), void *context);

#endif

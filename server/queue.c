#include "queue.h"

#include <stddef.h>

void queue_push(web_queue *queue, web_request *added) {
    added->next = NULL;
    if (queue->last)
        queue->last->next = added;
    else
        queue->first = added;
    queue->last = added;
    queue->count++;
}

web_request *queue_pop(web_queue *queue) {
    web_request *taken = queue->first;
    if (!taken) return NULL;
    queue->first = taken->next;
    if (!queue->first) queue->last = NULL;
    queue->count--;
    taken->next = NULL;
    return taken;
}

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

web_request *queue_take(web_queue *queue, int (*wanted)(void *context, const web_request *request), void *context) {
    web_request *before = NULL, *taken = queue->first;
    while (taken && !wanted(context, taken))
        before = taken, taken = taken->next;
    if (!before || !taken) return taken ? queue_pop(queue) : NULL;
    before->next = taken->next;
    if (queue->last == taken) queue->last = before;
    queue->count--;
    taken->next = NULL;
    return taken;
}

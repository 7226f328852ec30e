/* How much memory is taken by what is read ahead, and who may take more. */
#include "ahead_internal.h"

ahead_slot *ahead_slot_of(cli_ahead *ahead, size_t index) {
    return &ahead->slots[index % ahead->plan.depth];
}

size_t ahead_first_unready(cli_ahead *ahead) {
    size_t index = ahead->taken;
    while (index < ahead->begun && ahead_slot_of(ahead, index)->is_ready)
        index++;
    return index;
}

/* Whoever reads the photograph that comes next may take more than there is room for: otherwise all would wait for each
 * other. */
static int has_room(cli_ahead *ahead, size_t index, uint64_t bytes) {
    if (ahead->used + bytes <= ahead->plan.most_bytes) return 1;
    return index == ahead_first_unready(ahead) && (ahead->is_awaited || ahead->used <= ahead->plan.most_bytes);
}

void ahead_reserve(cli_ahead *ahead, size_t index, uint64_t bytes) {
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->stop && !has_room(ahead, index, bytes))
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    ahead->used += bytes;
    pthread_mutex_unlock(&ahead->mutex);
}

void ahead_adjust(cli_ahead *ahead, uint64_t before, uint64_t after) {
    pthread_mutex_lock(&ahead->mutex);
    ahead->used = ahead->used - before + after;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
}

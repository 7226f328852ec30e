#include "ahead.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>

/* So many wait at most. */
enum { DEPTH = 2 };

/* As long as the photographs that wait and the one in use have more pixels together, no other is begun: with three
 * bytes a pixel, 96 MB and one photograph. */
static const uint64_t MOST_PIXELS = 32u << 20;

typedef struct outcome {
    cs_image *image;
    cs_status status;
    cs_error error;
    int in_turn; /* nothing was tried: whoever asks has to read it */
} outcome;

struct cli_ahead {
    const photo_list *photos;
    unsigned long long max_pixels;
    int has_thread;
    pthread_t thread;
    pthread_mutex_t mutex; /* over all that follows */
    pthread_cond_t changed;
    size_t ready, taken;     /* photographs before these are read and handed over */
    uint64_t pixels, in_use; /* of the ready ones and the one in use, and of the latter alone */
    outcome outcomes[DEPTH]; /* photograph i in i % DEPTH */
    int stop;
};

static uint64_t pixels_of(const cs_image *image) {
    return image ? (uint64_t)cs_image_width(image) * (uint64_t)cs_image_height(image) : 0;
}

static cs_status open_photo(const cli_ahead *ahead, size_t index, cs_image **image, cs_error *error) {
    return photo_open(ahead->photos->items[index].path, ahead->max_pixels, image, error);
}

static void read_photo(const cli_ahead *ahead, size_t index, outcome *out) {
    *out = (outcome){.in_turn = photo_is_stream(ahead->photos->items[index].path)};
    if (out->in_turn) return;
    out->status = open_photo(ahead, index, &out->image, &out->error);
    out->in_turn = out->status == CS_ERR_MEMORY;
}

static int may_read(const cli_ahead *ahead) {
    return ahead->ready - ahead->taken < DEPTH && ahead->pixels <= MOST_PIXELS;
}

static void *read_all(void *context) {
    cli_ahead *ahead = context;
    pthread_mutex_lock(&ahead->mutex);
    while (ahead->ready < ahead->photos->count) {
        while (!ahead->stop && !may_read(ahead))
            pthread_cond_wait(&ahead->changed, &ahead->mutex);
        if (ahead->stop) break;
        size_t index = ahead->ready;
        outcome out;
        pthread_mutex_unlock(&ahead->mutex);
        read_photo(ahead, index, &out);
        pthread_mutex_lock(&ahead->mutex);
        ahead->outcomes[index % DEPTH] = out;
        ahead->pixels += pixels_of(out.image);
        ahead->ready++;
        pthread_cond_broadcast(&ahead->changed);
    }
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

/* Signals are for the main thread: they have to interrupt what it waits for. */
static int start_thread(cli_ahead *ahead) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&ahead->thread, NULL, read_all, ahead);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return !failed;
}

static int has_one_processor(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) == 1;
}

cli_ahead *ahead_start(const photo_list *photos, unsigned long long max_pixels, int threads) {
    cli_ahead *ahead = memory_grow(NULL, 1, sizeof *ahead);
    *ahead = (cli_ahead){.photos = photos, .max_pixels = max_pixels};
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    int is_alone = threads == 1 || (threads == 0 && has_one_processor());
    ahead->has_thread = !is_alone && photos->count > 0 && start_thread(ahead);
    return ahead;
}

/* The photograph that was in use is closed: its room is free. */
static outcome wait_for(cli_ahead *ahead, size_t index) {
    pthread_mutex_lock(&ahead->mutex);
    ahead->pixels -= ahead->in_use;
    ahead->in_use = 0;
    pthread_cond_broadcast(&ahead->changed);
    while (ahead->ready <= index)
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    outcome out = ahead->outcomes[index % DEPTH];
    ahead->in_use = pixels_of(out.image);
    ahead->taken = index + 1;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    return out;
}

cs_status ahead_take(cli_ahead *ahead, size_t index, cs_image **image, cs_error *error) {
    if (!ahead->has_thread) return open_photo(ahead, index, image, error);
    outcome out = wait_for(ahead, index);
    if (out.in_turn) return open_photo(ahead, index, image, error);
    *image = out.image;
    if (out.status != CS_OK) *error = out.error;
    return out.status;
}

static void stop_thread(cli_ahead *ahead) {
    pthread_mutex_lock(&ahead->mutex);
    ahead->stop = 1;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    pthread_join(ahead->thread, NULL);
    for (size_t i = ahead->taken; i < ahead->ready; i++)
        cs_image_close(ahead->outcomes[i % DEPTH].image);
}

void ahead_stop(cli_ahead *ahead) {
    if (!ahead) return;
    if (ahead->has_thread) stop_thread(ahead);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead);
}

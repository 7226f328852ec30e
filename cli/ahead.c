/* Threads that read ahead, and handing out what they read. */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ahead_internal.h"

enum { ONE_BY_ONE_DEPTH = 2 };

static const uint64_t ONE_BY_ONE_BYTES = (uint64_t)96 << 20;

static void read_ahead(cli_ahead *ahead, size_t index, ahead_slot *out) {
    const char *path = ahead->plan.path(ahead->plan.context, index);
    const ahead_reading how = {ahead, &ahead->plan, index, 0};
    *out = (ahead_slot){.in_turn = photo_is_stream(path)};
    if (out->in_turn) return;
    ahead_read_file(&how, path, &out->photo);
    out->in_turn = out->photo.status == CS_ERR_MEMORY;
    out->bytes = ahead_image_bytes(out->photo.image);
}

static int may_begin(cli_ahead *ahead) {
    if (ahead->is_paused || ahead->begun - ahead->taken == ahead->plan.depth) return 0;
    return ahead->used <= ahead->plan.most_bytes || (ahead->is_awaited && ahead_first_unready(ahead) == ahead->begun);
}

static void read_next(cli_ahead *ahead) {
    size_t index = ahead->begun++;
    ahead_slot out;
    ahead_slot_of(ahead, index)->is_ready = 0;
    pthread_mutex_unlock(&ahead->mutex);
    read_ahead(ahead, index, &out);
    pthread_mutex_lock(&ahead->mutex);
    out.is_ready = 1;
    *ahead_slot_of(ahead, index) = out;
    pthread_cond_broadcast(&ahead->changed);
}

static int may_announce(cli_ahead *ahead) {
    if (ahead->announced < ahead->begun) ahead->announced = ahead->begun;
    return ahead->is_paused && ahead->announced - ahead->begun < ahead->plan.depth &&
           ahead->announced < ahead->plan.count;
}

/* Tells the system that a file will be read, so that a disk works meanwhile. */
static void announce_next(cli_ahead *ahead) {
    const char *path = ahead->plan.path(ahead->plan.context, ahead->announced++);
    pthread_mutex_unlock(&ahead->mutex);
    int descriptor = photo_is_stream(path) ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor >= 0) {
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_WILLNEED);
        close(descriptor);
    }
    pthread_mutex_lock(&ahead->mutex);
}

static void *read_all(void *context) {
    cli_ahead *ahead = context;
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->stop && ahead->begun < ahead->plan.count) {
        if (may_begin(ahead))
            read_next(ahead);
        else if (may_announce(ahead))
            announce_next(ahead);
        else
            pthread_cond_wait(&ahead->changed, &ahead->mutex);
    }
    pthread_mutex_unlock(&ahead->mutex);
    return NULL;
}

static void set_paused(cli_ahead *ahead, int is_paused) {
    pthread_mutex_lock(&ahead->mutex);
    ahead->is_paused = is_paused;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
}

void ahead_pause(cli_ahead *ahead) {
    set_paused(ahead, 1);
}

void ahead_resume(cli_ahead *ahead) {
    set_paused(ahead, 0);
}

/* Signals are for the main thread: they have to interrupt what it waits for. */
static void start_threads(cli_ahead *ahead) {
    size_t wanted = (size_t)ahead->plan.readers < ahead->plan.count ? (size_t)ahead->plan.readers : ahead->plan.count;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (ahead->readers < wanted && pthread_create(&ahead->threads[ahead->readers], NULL, read_all, ahead) == 0)
        ahead->readers++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

int ahead_readers(long long threads) {
    cpu_set_t set;
    CPU_ZERO(&set);
    long long processors = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    long long readers = threads == 0 ? processors : threads;
    if (readers == 1) return 0;
    return (int)(readers < AHEAD_MOST_READERS ? readers : AHEAD_MOST_READERS);
}

cli_ahead *ahead_open(const ahead_plan *plan) {
    cli_ahead *ahead = memory_grow(NULL, 1, sizeof *ahead);
    *ahead = (cli_ahead){.plan = *plan};
    ahead->slots = memory_grow(NULL, plan->depth, sizeof *ahead->slots);
    memset(ahead->slots, 0, plan->depth * sizeof *ahead->slots);
    pthread_mutex_init(&ahead->mutex, NULL);
    pthread_cond_init(&ahead->changed, NULL);
    start_threads(ahead);
    return ahead;
}

static void read_now(const cli_ahead *ahead, size_t index, int must_decode, ahead_photo *photo) {
    const char *path = ahead->plan.path(ahead->plan.context, index);
    const ahead_reading how = {NULL, &ahead->plan, index, must_decode};
    *photo = (ahead_photo){.image = NULL};
    if (photo_is_stream(path))
        photo->status = photo_open(path, ahead->plan.max_pixels, &photo->image, &photo->error);
    else
        ahead_read_file(&how, path, photo);
}

void ahead_reread(const cli_ahead *ahead, size_t index, ahead_photo *photo) {
    read_now(ahead, index, 1, photo);
}

/* How many of the photographs from the next on make up what is asked for; 0: that has to be waited for. One that has to
 * be read in its turn comes alone. Half of the room is left for those that are read meanwhile. */
static size_t count_ready(cli_ahead *ahead, size_t most) {
    size_t end = ahead_first_unready(ahead), count = 0;
    uint64_t bytes = 0;
    for (size_t i = ahead->taken; i < end; i++) {
        if (ahead_slot_of(ahead, i)->in_turn) return count > 0 ? count : 1;
        bytes += ahead_slot_of(ahead, i)->bytes;
        count++;
        if (count == most || bytes >= ahead->plan.most_bytes / 2) return count;
    }
    return end == ahead->plan.count ? count : 0;
}

static size_t take_ready(cli_ahead *ahead, size_t most, ahead_photo *photos, int *in_turn) {
    size_t count = 0;
    pthread_mutex_lock(&ahead->mutex);
    ahead->used -= ahead->in_use;
    ahead->in_use = 0;
    ahead->is_awaited = 1;
    pthread_cond_broadcast(&ahead->changed);
    while ((count = count_ready(ahead, most)) == 0)
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    *in_turn = ahead_slot_of(ahead, ahead->taken)->in_turn;
    for (size_t i = 0; i < count; i++) {
        const ahead_slot *from = ahead_slot_of(ahead, ahead->taken + i);
        photos[i] = from->photo;
        ahead->in_use += from->bytes;
    }
    ahead->taken += count;
    ahead->is_awaited = 0;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    return count;
}

static size_t read_in_turn(cli_ahead *ahead, size_t most, ahead_photo *photos) {
    size_t count = 0;
    for (uint64_t bytes = 0; count < most && ahead->taken < ahead->plan.count; count++) {
        const char *path = ahead->plan.path(ahead->plan.context, ahead->taken);
        if (count > 0 && (bytes >= ahead->plan.most_bytes / 2 || photo_is_stream(path))) break;
        read_now(ahead, ahead->taken++, 0, &photos[count]);
        bytes += ahead_image_bytes(photos[count].image);
    }
    return count;
}

size_t ahead_next(cli_ahead *ahead, size_t most, ahead_photo *photos) {
    int in_turn;
    if (ahead->taken == ahead->plan.count) return 0;
    if (ahead->readers == 0) return read_in_turn(ahead, most, photos);
    size_t count = take_ready(ahead, most < ahead->plan.depth ? most : ahead->plan.depth, photos, &in_turn);
    if (in_turn) read_now(ahead, ahead->taken - 1, 0, photos);
    return count;
}

const char *ahead_listed_path(const void *context, size_t index) {
    return ((const photo_list *)context)->items[index].path;
}

cli_ahead *ahead_start(const photo_list *photos, unsigned long long max_pixels, int threads) {
    const ahead_plan plan = {.count = photos->count,
                             .path = ahead_listed_path,
                             .context = photos,
                             .max_pixels = max_pixels,
                             .readers = ahead_readers(threads) > 0,
                             .depth = ONE_BY_ONE_DEPTH,
                             .most_bytes = ONE_BY_ONE_BYTES};
    return ahead_open(&plan);
}

cs_status ahead_take(cli_ahead *ahead, cs_image **image, cs_error *error) {
    ahead_photo photo;
    ahead_next(ahead, 1, &photo);
    *image = photo.image;
    if (photo.status != CS_OK) *error = photo.error;
    return photo.status;
}

void ahead_stop(cli_ahead *ahead) {
    if (!ahead) return;
    pthread_mutex_lock(&ahead->mutex);
    ahead->stop = 1;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
    for (size_t i = 0; i < ahead->readers; i++)
        pthread_join(ahead->threads[i], NULL);
    for (size_t i = ahead->taken; i < ahead->begun; i++)
        cs_image_close(ahead_slot_of(ahead, i)->photo.image);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead->slots);
    free(ahead);
}

#include "ahead.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clipsight_tools.h"

enum { MOST_READERS = 64, ONE_BY_ONE_DEPTH = 2 };

/* Three bytes a pixel. */
static const uint64_t ONE_BY_ONE_BYTES = (uint64_t)96 << 20;

typedef struct slot {
    ahead_photo photo;
    uint64_t bytes; /* of the picture */
    int is_ready;
    int in_turn; /* nothing was tried: it has to be read when it is asked for */
} slot;

struct cli_ahead {
    ahead_plan plan;
    size_t readers; /* threads that could be started */
    pthread_t threads[MOST_READERS];
    pthread_mutex_t mutex; /* over all that follows */
    pthread_cond_t changed;
    size_t begun, taken;   /* photographs before these are being read, or handed over */
    uint64_t used, in_use; /* bytes of all files and pictures, and of those handed over alone */
    size_t announced;      /* photographs before this one are known to the system, or begun */
    int is_awaited;        /* somebody waits for the next photographs */
    int is_paused;
    int stop;
    slot *slots; /* photograph i in i % depth */
};

static slot *slot_of(cli_ahead *ahead, size_t index) {
    return &ahead->slots[index % ahead->plan.depth];
}

static size_t first_unready(cli_ahead *ahead) {
    size_t index = ahead->taken;
    while (index < ahead->begun && slot_of(ahead, index)->is_ready)
        index++;
    return index;
}

/* Whoever reads the photograph that comes next may take more than there is room for: otherwise all would wait for each
 * other. */
static int has_room(cli_ahead *ahead, size_t index, uint64_t bytes) {
    if (ahead->used + bytes <= ahead->plan.most_bytes) return 1;
    return index == first_unready(ahead) && (ahead->is_awaited || ahead->used <= ahead->plan.most_bytes);
}

static void reserve(cli_ahead *ahead, size_t index, uint64_t bytes) {
    pthread_mutex_lock(&ahead->mutex);
    while (!ahead->stop && !has_room(ahead, index, bytes))
        pthread_cond_wait(&ahead->changed, &ahead->mutex);
    ahead->used += bytes;
    pthread_mutex_unlock(&ahead->mutex);
}

/* What took `before` bytes takes `after` now. */
static void adjust(cli_ahead *ahead, uint64_t before, uint64_t after) {
    pthread_mutex_lock(&ahead->mutex);
    ahead->used = ahead->used - before + after;
    pthread_cond_broadcast(&ahead->changed);
    pthread_mutex_unlock(&ahead->mutex);
}

static uint64_t bytes_of(int width, int height) {
    return (uint64_t)width * (uint64_t)height * 3;
}

static uint64_t image_bytes(const cs_image *image) {
    return image ? bytes_of(cs_image_width(image), cs_image_height(image)) : 0;
}

/* Where a photograph's bytes are accounted for: nowhere where it is read in its turn. */
typedef struct reading {
    cli_ahead *account; /* NULL: none */
    const ahead_plan *plan;
    size_t index;
    int must_decode;
} reading;

/* What decoding will take, so that it can wait until there is room; 0 where the photograph will be refused. */
static uint64_t bytes_needed(const reading *how, const char *path, const char *bytes, photo_file *file) {
    uint64_t most = photo_most_pixels(how->plan->max_pixels);
    cs_error ignored;
    if (cs_image_measure(bytes, (size_t)file->bytes, path, &file->width, &file->height, &ignored) != CS_OK) return 0;
    uint64_t needed = bytes_of(file->width, file->height);
    return needed / 3 <= most ? needed : 0;
}

static void decode(const reading *how, const char *path, const char *bytes, ahead_photo *photo) {
    photo_file *file = &photo->file;
    cs_image_options options = {.max_pixels = how->plan->max_pixels};
    uint64_t needed = bytes_needed(how, path, bytes, file);
    if (how->account && needed > 0) reserve(how->account, how->index, needed);
    photo->status = cs_image_decode(bytes, (size_t)file->bytes, path, &options, &photo->image, &photo->error);
    if (how->account) adjust(how->account, needed, image_bytes(photo->image));
}

static void look_at(const reading *how, const char *path, const char *bytes, ahead_photo *photo) {
    const ahead_plan *plan = how->plan;
    photo_file *file = &photo->file;
    if (plan->is_known) {
        photo->status = cs_content_hash(bytes, (size_t)file->bytes, file->hash, &photo->error);
        if (photo->status != CS_OK) return;
        if (!how->must_decode && plan->is_known(plan->context, file->hash)) return;
    }
    decode(how, path, bytes, photo);
}

static void read_file(const reading *how, const char *path, ahead_photo *photo) {
    int descriptor;
    char *bytes = NULL;
    photo->status = photo_file_open(path, &descriptor, &photo->file, &photo->error);
    if (photo->status != CS_OK) return;
    if (how->account) reserve(how->account, how->index, photo->file.bytes);
    photo->status = photo_file_read(path, descriptor, &photo->file, how->plan->is_known != NULL, &bytes, &photo->error);
    if (photo->status == CS_OK) look_at(how, path, bytes, photo);
    free(bytes);
    if (how->account) adjust(how->account, photo->file.bytes, 0);
}

static void read_ahead(cli_ahead *ahead, size_t index, slot *out) {
    const char *path = ahead->plan.path(ahead->plan.context, index);
    const reading how = {ahead, &ahead->plan, index, 0};
    *out = (slot){.in_turn = photo_is_stream(path)};
    if (out->in_turn) return;
    read_file(&how, path, &out->photo);
    out->in_turn = out->photo.status == CS_ERR_MEMORY;
    out->bytes = image_bytes(out->photo.image);
}

static int may_begin(cli_ahead *ahead) {
    if (ahead->is_paused || ahead->begun - ahead->taken == ahead->plan.depth) return 0;
    return ahead->used <= ahead->plan.most_bytes || (ahead->is_awaited && first_unready(ahead) == ahead->begun);
}

static void read_next(cli_ahead *ahead) {
    size_t index = ahead->begun++;
    slot out;
    slot_of(ahead, index)->is_ready = 0;
    pthread_mutex_unlock(&ahead->mutex);
    read_ahead(ahead, index, &out);
    pthread_mutex_lock(&ahead->mutex);
    out.is_ready = 1;
    *slot_of(ahead, index) = out;
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
    return (int)(readers < MOST_READERS ? readers : MOST_READERS);
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
    const reading how = {NULL, &ahead->plan, index, must_decode};
    *photo = (ahead_photo){.image = NULL};
    if (photo_is_stream(path))
        photo->status = photo_open(path, ahead->plan.max_pixels, &photo->image, &photo->error);
    else
        read_file(&how, path, photo);
}

void ahead_reread(const cli_ahead *ahead, size_t index, ahead_photo *photo) {
    read_now(ahead, index, 1, photo);
}

/* How many of the photographs from the next on make up what is asked for; 0: that has to be waited for. One that has to
 * be read in its turn comes alone. Half of the room is left for those that are read meanwhile. */
static size_t count_ready(cli_ahead *ahead, size_t most) {
    size_t end = first_unready(ahead), count = 0;
    uint64_t bytes = 0;
    for (size_t i = ahead->taken; i < end; i++) {
        if (slot_of(ahead, i)->in_turn) return count > 0 ? count : 1;
        bytes += slot_of(ahead, i)->bytes;
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
    *in_turn = slot_of(ahead, ahead->taken)->in_turn;
    for (size_t i = 0; i < count; i++) {
        const slot *from = slot_of(ahead, ahead->taken + i);
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
        bytes += image_bytes(photos[count].image);
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
        cs_image_close(slot_of(ahead, i)->photo.image);
    pthread_cond_destroy(&ahead->changed);
    pthread_mutex_destroy(&ahead->mutex);
    free(ahead->slots);
    free(ahead);
}

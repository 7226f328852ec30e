/* What the files of ahead.h share: one hands photographs out, one reads a photograph, one has the memory in view. */
#ifndef CLI_AHEAD_INTERNAL_H
#define CLI_AHEAD_INTERNAL_H

#include <pthread.h>

#include "ahead.h"

enum { AHEAD_MOST_READERS = 64 };

/* Room for a photograph that waits. */
typedef struct ahead_slot {
    ahead_photo photo;
    uint64_t bytes; /* of the picture */
    int is_ready;
    int in_turn; /* nothing was tried: it has to be read when it is asked for */
} ahead_slot;

struct cli_ahead {
    ahead_plan plan;
    size_t readers; /* threads that could be started */
    pthread_t threads[AHEAD_MOST_READERS];
    pthread_mutex_t mutex; /* over all that follows */
    pthread_cond_t changed;
    size_t begun, taken;   /* photographs before these are being read, or handed over */
    uint64_t used, in_use; /* bytes of all files and pictures, and of those handed over alone */
    size_t announced;      /* photographs before this one are known to the system, or begun */
    int is_awaited;        /* somebody waits for the next photographs */
    int is_paused;
    int stop;
    ahead_slot *slots; /* photograph i in i % depth */
};

/* ---- ahead_room.c ---- */

ahead_slot *ahead_slot_of(cli_ahead *ahead, size_t index);

/* The photograph that comes next and is not there yet. The caller holds the lock. */
size_t ahead_first_unready(cli_ahead *ahead);

/* Waits until there is room for so much of photograph `index`, and takes it. */
void ahead_reserve(cli_ahead *ahead, size_t index, uint64_t bytes);

/* What took `before` bytes takes `after` now. */
void ahead_adjust(cli_ahead *ahead, uint64_t before, uint64_t after);

/* ---- ahead_read.c ---- */

/* Where a photograph's bytes are accounted for: nowhere where it is read in its turn. */
typedef struct ahead_reading {
    cli_ahead *account; /* NULL: none */
    const ahead_plan *plan;
    size_t index;
    int must_decode; /* whether its hash is known or not */
} ahead_reading;

/* Reads a file, which is no stream; `photo` is filled, its status too. */
void ahead_read_file(const ahead_reading *how, const char *path, ahead_photo *photo);

/* Of its pixels; 0 for NULL. */
uint64_t ahead_image_bytes(const cs_image *image);

#endif

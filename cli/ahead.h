/* Photographs read ahead of their turn: while the model opens, and while those before are looked at.
 *
 * Threads read them in order. What is ready waits, with its error where it has one, until it is asked for, so that
 * nothing comes in another order or with other words than without the threads. */
#ifndef CLI_AHEAD_H
#define CLI_AHEAD_H

#include "clipsight.h"
#include "photo_file.h"
#include "photos.h"

typedef struct cli_ahead cli_ahead;

/* What to read, and how far ahead. */
typedef struct ahead_plan {
    size_t count;
    const char *(*path)(const void *context, size_t index); /* called by any thread */
    const void *context;
    unsigned long long max_pixels;
    int readers;         /* threads; 0: each photograph is read in its turn */
    size_t depth;        /* photographs that wait at most */
    uint64_t most_bytes; /* none is begun while those that wait and those in use take more */
    /* Not NULL: hashes are wanted, and a photograph whose hash is known is not decoded. Called by any thread. */
    int (*is_known)(const void *context, const uint8_t hash[32]);
} ahead_plan;

/* The path function of a plan whose context is a photo_list. */
const char *ahead_listed_path(const void *context, size_t index);

/* A photograph as it was read. */
typedef struct ahead_photo {
    cs_status status;
    cs_error error;
    photo_file file; /* not of streams; its hash only where that was wanted */
    cs_image *image; /* NULL after an error, and where the hash is known */
} ahead_photo;

/* How many readers a command has with `threads` as its budget, 0 for all processors: none with one, for then there is
 * one thread and no other. */
int ahead_readers(long long threads);

/* Begins to read. The plan is copied; what it points to must not change until ahead_stop(). Streams are read in their
 * turn (reading one may wait for whoever writes it, which Ctrl-C must end), and so is what memory does not suffice to
 * hold beside others. */
cli_ahead *ahead_open(const ahead_plan *plan);

/* Hands out the next photographs, at least one and at most `most` (fewer where they are large), in order; 0 at the end.
 * The caller has closed those that it got before. */
size_t ahead_next(cli_ahead *ahead, size_t most, ahead_photo *photos);

/* For a stretch of work that keeps all processors busy by itself: threads that share them with it cost it more than
 * they gain. Between the two calls nothing is begun; the system is only told which files come next. */
void ahead_pause(cli_ahead *ahead);
void ahead_resume(cli_ahead *ahead);

/* Reads one photograph of the plan now, whether its hash is known or not. */
void ahead_reread(const cli_ahead *ahead, size_t index, ahead_photo *photo);

/* For commands that look at one photograph after another: two ahead of it, read by one thread. */
cli_ahead *ahead_start(const photo_list *photos, unsigned long long max_pixels, int threads);

/* The next photograph, as photo_open() gives it; the caller has closed the one before. */
cs_status ahead_take(cli_ahead *ahead, cs_image **image, cs_error *error);

/* Waits for the photographs that are being read, and forgets what nobody took. NULL does nothing. */
void ahead_stop(cli_ahead *ahead);

#endif

/* Photographs read ahead of their turn: while the model opens, and while the one before is looked at.
 *
 * One thread reads them in order. What is ready waits, with its error where it has one, until it is asked for, so that
 * nothing comes in another order or with other words than without the thread. */
#ifndef CLI_AHEAD_H
#define CLI_AHEAD_H

#include "clipsight.h"
#include "photos.h"

typedef struct cli_ahead cli_ahead;

/* Begins to read. The list is borrowed and must not change until ahead_stop(). `threads` is the budget of the command,
 * 0 for all processors: with one there is no thread, and each photograph is read in its turn. So are streams (reading
 * one may wait for whoever writes it, which Ctrl-C must end) and what memory does not suffice to hold beside others. */
cli_ahead *ahead_start(const photo_list *photos, unsigned long long max_pixels, int threads);

/* Photograph `index`, as photo_open() gives it; the caller has closed the one before. Indices go up one by one. */
cs_status ahead_take(cli_ahead *ahead, size_t index, cs_image **image, cs_error *error);

/* Waits for the photograph that is being read, and forgets what nobody took. NULL does nothing. */
void ahead_stop(cli_ahead *ahead);

#endif

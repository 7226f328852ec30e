#include "fetch/pause.h"

#include <stddef.h>
#include <time.h>

static const double LONGEST = 30, LONGEST_ASKED = 60;
enum { SLICE_MS = 100 };

double cs_pause_length(double first, int failures, long asked) {
    double seconds = first;
    for (int i = 1; i < failures && seconds < LONGEST; i++)
        seconds *= 2;
    if (seconds > LONGEST) seconds = LONGEST;
    if (asked > 0) seconds = (double)asked < LONGEST_ASKED ? (double)asked : LONGEST_ASKED;
    return seconds;
}

int cs_pause(double seconds, int (*poll)(void *context), void *context) {
    for (long left = (long)(seconds * 1000); left > 0; left -= SLICE_MS) {
        if (poll && poll(context)) return 1;
        long part = left < SLICE_MS ? left : SLICE_MS;
        nanosleep(&(struct timespec){0, part * 1000000}, NULL); /* a signal cuts it short: the poll is all the sooner */
    }
    return poll && poll(context);
}

#include "fetch/pause.h"

#include <stddef.h>
#include <time.h>

static const double LONGEST = 30, LONGEST_ASKED = 60, SLICE = 0.1;

double cs_pause_length(double first, int failures, long asked) {
    double seconds = first;
    for (int i = 1; i < failures && seconds < LONGEST; i++)
        seconds *= 2;
    if (seconds > LONGEST) seconds = LONGEST;
    if (asked > 0) seconds = (double)asked < LONGEST_ASKED ? (double)asked : LONGEST_ASKED;
    return seconds;
}

int cs_pause(double seconds, int (*poll)(void *context), void *context) {
    for (; seconds > 0; seconds -= SLICE) {
        if (poll && poll(context)) return 1;
        double part = seconds < SLICE ? seconds : SLICE;
        struct timespec time = {(time_t)part, (long)((part - (double)(time_t)part) * 1e9)};
        nanosleep(&time, NULL); /* a signal cuts it short: then the poll is all the sooner */
    }
    return poll && poll(context);
}

/* Waiting between two tries. */
#ifndef CS_FETCH_PAUSE_H
#define CS_FETCH_PAUSE_H

/* Seconds before the next try: first * 2^(failures - 1), at most 30, unless the server asked for another time (at most
 * 60). */
double cs_pause_length(double first, int failures, long asked);

/* Sleeps; returns early and non-zero where poll(context) does. */
int cs_pause(double seconds, int (*poll)(void *context), void *context);

#endif

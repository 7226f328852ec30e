#ifndef BENCH_SUPPORT_CLOCK_H
#define BENCH_SUPPORT_CLOCK_H

/* Seconds since some moment in the past; never goes backwards. */
double clock_seconds(void);

#endif

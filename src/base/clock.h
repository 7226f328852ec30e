/* Time that goes by, for what measures itself. */
#ifndef CS_BASE_CLOCK_H
#define CS_BASE_CLOCK_H

/* Seconds since some moment in the past; never goes backwards. */
double cs_clock(void);

/* Adds the time since `start` to *sum, and returns the time now: where the next stage starts. */
double cs_clock_lap(double *sum, double start);

#endif

/* One line on the terminal that says how far the work is, how fast it goes and how long it will take. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stddef.h>

typedef struct cli_progress {
    int enabled;
    int visible;        /* the line stands on the terminal now */
    const char *unit;   /* "photographs" */
    double start, last; /* seconds */
} cli_progress;

/* Silent where stderr is no terminal, or `quiet` is set. */
void progress_start(cli_progress *progress, int quiet, const char *unit);

/* Redraws the line, at most ten times a second. `done` may stand between two steps. */
void progress_update(cli_progress *progress, double done, size_t total);

/* Takes the line away, so that something else can be written. */
void progress_clear(cli_progress *progress);

/* Takes the line away and says what is wrong with a photograph, as complain_of() does. Returns STATUS_FAILURE. */
int photo_failed(cli_progress *progress, const char *path, const char *message);

/* "45 s", "3 min 20 s", "2 h 5 min" */
void format_duration(double seconds, char *text, size_t size);

/* Seconds since some fixed moment. */
double seconds_now(void);

#endif

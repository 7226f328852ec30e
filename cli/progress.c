#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static const double REDRAW_SECONDS = 0.1;

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

void progress_start(cli_progress *progress, int quiet, const char *unit) {
    progress->enabled = !quiet && isatty(STDERR_FILENO);
    progress->visible = 0;
    progress->unit = unit;
    progress->start = progress->last = seconds_now();
}

void format_duration(double seconds, char *text, size_t size) {
    long whole = (long)(seconds + 0.5);
    if (whole < 60)
        snprintf(text, size, "%ld s", whole);
    else if (whole < 3600)
        snprintf(text, size, "%ld min %ld s", whole / 60, whole % 60);
    else
        snprintf(text, size, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
}

void progress_update(cli_progress *progress, double done, size_t total) {
    if (!progress->enabled) return;
    double now = seconds_now();
    if (now - progress->last < REDRAW_SECONDS) return;
    progress->last = now;
    progress->visible = 1;
    fprintf(stderr, "\r\033[K%.0f of %zu %s", floor(done), total, progress->unit);
    double rate = done / (now - progress->start);
    if (rate > 0) {
        char left[32];
        double rest = (double)total - done;
        format_duration(rest > 0 ? rest / rate : 0, left, sizeof left);
        fprintf(stderr, ", %.*f per second, %s left", rate < 10 ? 2 : 0, rate, left);
    }
    fflush(stderr);
}

void progress_clear(cli_progress *progress) {
    if (!progress->visible) return;
    fputs("\r\033[K", stderr);
    fflush(stderr);
    progress->visible = 0;
}

int photo_failed(cli_progress *progress, const char *path, const char *message) {
    progress_clear(progress);
    complain_of(path, message);
    return STATUS_FAILURE;
}

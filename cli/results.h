/* Where results go: standard output, or a file that appears only when it is complete. */
#ifndef CLI_RESULTS_H
#define CLI_RESULTS_H

#include <stdio.h>

typedef struct cli_results {
    FILE *stream;
    const char *path; /* NULL: standard output */
    char *text;       /* what a file will hold */
    size_t length;
    int in_memory; /* a file, written by results_close() */
} cli_results;

/* 0 where a file of this name can be made, else why not (of errno.h): a long run must not end with finding that out. */
int place_trouble(const char *path);

/* The others return STATUS_OK, or STATUS_FAILURE after saying why (a reader that went away is no news). */
int results_open(cli_results *results, const char *path);

/* Standard output is flushed each time, so that whoever reads it has a photograph's lines as soon as they are known. */
int results_put(cli_results *results, const char *text);
int results_write(cli_results *results, const char *bytes, size_t size);

/* Writes the file (under a temporary name first) where `keep` is set, else forgets it. */
int results_close(cli_results *results, int keep);

#endif

/* A text that is written like a file. Running out of memory ends the process, as in memory.h. */
#ifndef CLI_TEXT_STREAM_H
#define CLI_TEXT_STREAM_H

#include <stdio.h>

typedef struct text_stream {
    FILE *out;
    char *text;
    size_t length;
} text_stream;

void text_stream_open(text_stream *stream);

/* What was written; the caller frees it. */
char *text_stream_close(text_stream *stream);

#endif

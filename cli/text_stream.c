#include "text_stream.h"

#include "memory.h"

void text_stream_open(text_stream *stream) {
    *stream = (text_stream){NULL, NULL, 0};
    stream->out = open_memstream(&stream->text, &stream->length);
    if (!stream->out) memory_exhausted();
}

char *text_stream_close(text_stream *stream) {
    if (fclose(stream->out) != 0 || !stream->text) memory_exhausted();
    return stream->text;
}

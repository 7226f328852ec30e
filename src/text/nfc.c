#include "text/nfc.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/unicode.h"

/* Code points under way: those before `run` are finished. */
typedef struct run_buffer {
    int32_t *points, *scratch; /* [room] each */
    size_t room, count, run;
} run_buffer;

static unsigned combining_class(int32_t code) {
    return (unsigned)utf8proc_get_property(code)->combining_class & 0xff;
}

/* A stable counting sort by combining class. */
static void sort_marks(int32_t *marks, size_t n, int32_t *scratch) {
    size_t start[257] = {0};
    for (size_t i = 0; i < n; i++)
        start[combining_class(marks[i]) + 1]++;
    for (size_t c = 0; c < 256; c++)
        start[c + 1] += start[c];
    for (size_t i = 0; i < n; i++)
        scratch[start[combining_class(marks[i])]++] = marks[i];
    memcpy(marks, scratch, n * sizeof *marks);
}

/* Puts every sequence of marks into canonical order. */
static void reorder(run_buffer *buffer) {
    size_t i = buffer->run;
    while (i < buffer->count) {
        size_t first = i, sorted = 1;
        unsigned previous = 0, class;
        for (; i < buffer->count && (class = combining_class(buffer->points[i])) > 0; i++) {
            if (class < previous) sorted = 0;
            previous = class;
        }
        if (!sorted) sort_marks(buffer->points + first, i - first, buffer->scratch);
        if (i == first) i++;
    }
}

static void finish_run(run_buffer *buffer) {
    reorder(buffer);
    size_t n = buffer->count - buffer->run;
    utf8proc_ssize_t left =
        utf8proc_normalize_utf32(buffer->points + buffer->run, (utf8proc_ssize_t)n, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    buffer->count = buffer->run + (left < 0 ? 0 : (size_t)left);
    buffer->run = buffer->count;
}

static cs_status add(run_buffer *buffer, int32_t code, cs_error *error) {
    if (cs_char_stands_alone(code)) {
        finish_run(buffer);
        buffer->points[buffer->count++] = code;
        buffer->run = buffer->count;
        return CS_OK;
    }
    int boundary = 0;
    size_t left = buffer->room - buffer->count;
    utf8proc_ssize_t n = utf8proc_decompose_char(code, buffer->points + buffer->count, (utf8proc_ssize_t)left,
                                                 UTF8PROC_STABLE | UTF8PROC_COMPOSE, &boundary);
    if (n < 0 || (size_t)n > left)
        return cs_fail(error, CS_ERR_INTERNAL, "U+%04X: its decomposition is longer than Unicode allows",
                       (unsigned)code);
    buffer->count += (size_t)n;
    return CS_OK;
}

cs_status cs_nfc(const char *text, size_t length, int32_t **points, size_t *count, cs_error *error) {
    /* ASCII stays as it is; a longer sequence decomposes into at most four code points: two per byte. */
    size_t room = 2 * length + 4;
    int32_t *block = cs_alloc(room, 2 * sizeof *block);
    if (!block) return cs_fail_memory(error, "the code points of a prompt");
    run_buffer buffer = {block, block + room, room, 0, 0};
    cs_status status = CS_OK;
    int32_t code;
    for (size_t at = 0, bytes; status == CS_OK && (bytes = cs_utf8_read(text + at, length - at, &code)) > 0;
         at += bytes)
        status = add(&buffer, code, error);
    if (status != CS_OK) {
        free(block);
        return status;
    }
    finish_run(&buffer);
    *points = block;
    *count = buffer.count;
    return CS_OK;
}

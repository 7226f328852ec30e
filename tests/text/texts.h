/* Reads the files that tests/references/make_text.py writes; see tests/data/text/README.md. */
#ifndef CS_TESTS_TEXTS_H
#define CS_TESTS_TEXTS_H

#include <stdlib.h>
#include <string.h>

#include "support/data_files.h"

/* A file in memory that is read from front to back. */
typedef struct packed {
    char *data;
    size_t size, position;
} packed;

static inline packed open_packed(const char *name) {
    packed p = {NULL, 0, 0};
    p.data = read_test_data(name, &p.size);
    return p;
}

static inline void take(packed *p, void *out, size_t bytes) {
    assert_true(bytes <= p->size - p->position);
    memcpy(out, p->data + p->position, bytes);
    p->position += bytes;
}

static inline uint32_t take_number(packed *p, size_t bytes) {
    unsigned char b[4] = {0};
    take(p, b, bytes);
    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The next text, inside the file; 0 at the end. */
static inline int next_text(packed *p, const char **text, size_t *length) {
    if (p->position == p->size) return 0;
    *length = take_number(p, 4);
    assert_true(*length <= p->size - p->position);
    *text = p->data + p->position;
    p->position += *length;
    return 1;
}

#endif

/* The committed files below tests/data. */
#ifndef CS_TESTS_DATA_FILES_H
#define CS_TESTS_DATA_FILES_H

#include <string.h>

#include "base/file.h"
#include "support/support.h"

/* All of it, with a 0 behind; the caller frees it. */
static inline void *read_test_data(const char *name, size_t *size) {
    cs_error error;
    char *bytes = NULL;
    *size = 0;
    assert_ok(cs_file_read(test_data(name), 1 << 20, &bytes, size, &error));
    return bytes;
}

/* Its lines, of which there must be this many; they lie in what is returned, and the caller frees. */
static inline char *read_test_lines(const char *name, const char **lines, int count) {
    size_t size;
    char *memory = read_test_data(name, &size), *line = memory;
    for (int i = 0; i < count; i++) {
        lines[i] = line;
        line = strchr(line, '\n');
        assert_non_null(line);
        *line++ = '\0';
    }
    assert_int_equal(*line, '\0');
    return memory;
}

#endif

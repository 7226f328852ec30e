/* NumPy's file format 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

/* The whole head, so that the numbers begin at a multiple of 64; its length stands in two bytes, low one first. */
enum { HEAD_SIZE = 128, MAGIC_SIZE = 10 };

static void write_head(char *head, size_t rows, size_t cols) {
    memset(head, ' ', HEAD_SIZE);
    memcpy(head, "\x93NUMPY\x01\x00", 8);
    head[8] = HEAD_SIZE - MAGIC_SIZE;
    head[9] = 0;
    int length = snprintf(head + MAGIC_SIZE, HEAD_SIZE - MAGIC_SIZE,
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu), }", rows, cols);
    head[MAGIC_SIZE + length] = ' ';
    head[HEAD_SIZE - 1] = '\n';
}

static void write_number(char *out, float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++)
        out[i] = (char)(bits >> (8 * i) & 255);
}

cs_status cs_report_npy(const float *values, size_t rows, size_t cols, char **bytes, size_t *size, cs_error *error) {
    if (!bytes || !size || (!values && rows > 0 && cols > 0))
        return cs_fail(error, CS_ERR_ARGUMENT, "cs_report_npy: values, bytes and size must be given");
    size_t count, length;
    if (cs_mul_overflow(rows, cols, &count) || cs_mul_overflow(count, 4, &length) || length > SIZE_MAX - HEAD_SIZE)
        return cs_fail_memory(error, "an array");
    char *made = cs_alloc(HEAD_SIZE + length, 1);
    if (!made) return cs_fail_memory(error, "an array");
    write_head(made, rows, cols);
    for (size_t i = 0; i < count; i++)
        write_number(made + HEAD_SIZE + 4 * i, values[i]);
    *bytes = made;
    *size = HEAD_SIZE + length;
    return CS_OK;
}

/* Pieces of the tables that people read: plain text, aligned by terminal columns. */
#ifndef CS_REPORT_COLUMNS_H
#define CS_REPORT_COLUMNS_H

#include "base/strbuf.h"

/* The labels of all prompts made visible, cut to a bearable length and padded to one width. */
typedef struct cs_labels {
    char **items; /* [count] */
    size_t count;
    size_t width; /* terminal columns of each */
} cs_labels;

cs_status cs_labels_create(const cs_prompts *prompts, cs_labels *labels, cs_error *error);
void cs_labels_destroy(cs_labels *labels);

/* Appends `label` with spaces behind it up to `width` columns. */
void cs_column_left(cs_strbuf *table, const char *label, size_t width);

/* Appends a number at the right of `width` columns, after a space. */
void cs_column_number(cs_strbuf *table, double value, int decimals, int width);

/* "PATH  WIDTH x HEIGHT\n" */
void cs_photo_line(cs_strbuf *table, const cs_photo *photo);

#endif

#include "report/columns.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/number.h"
#include "report/text.h"

enum { LONGEST_LABEL = 48, LABEL_HEADING = 5 };

/* Cuts a label that would push the numbers off the screen. */
static char *short_label(const char *label) {
    char *visible = cs_text_visible(label);
    if (!visible || cs_text_columns(visible) <= LONGEST_LABEL) return visible;
    cs_strbuf buffer = CS_STRBUF_EMPTY;
    char *result = NULL;
    cs_strbuf_append(&buffer, visible, cs_text_prefix(visible, LONGEST_LABEL - 1));
    cs_strbuf_puts(&buffer, "\u2026");
    free(visible);
    cs_strbuf_take(&buffer, &result, NULL);
    return result;
}

cs_status cs_labels_create(const cs_prompts *prompts, cs_labels *labels, cs_error *error) {
    labels->count = cs_prompts_count(prompts);
    labels->width = LABEL_HEADING;
    labels->items = cs_alloc_zero(labels->count, sizeof *labels->items);
    if (!labels->items) return cs_fail_memory(error, "a table");
    for (size_t i = 0; i < labels->count; i++) {
        labels->items[i] = short_label(cs_prompts_label(prompts, i));
        if (!labels->items[i]) {
            cs_labels_destroy(labels);
            return cs_fail_memory(error, "a table");
        }
        size_t columns = cs_text_columns(labels->items[i]);
        if (columns > labels->width) labels->width = columns;
    }
    return CS_OK;
}

void cs_labels_destroy(cs_labels *labels) {
    for (size_t i = 0; labels->items && i < labels->count; i++)
        free(labels->items[i]);
    free(labels->items);
    labels->items = NULL;
}

void cs_column_left(cs_strbuf *table, const char *label, size_t width) {
    cs_strbuf_puts(table, label);
    for (size_t columns = cs_text_columns(label); columns < width; columns++)
        cs_strbuf_puts(table, " ");
}

void cs_column_number(cs_strbuf *table, double value, int decimals, int width) {
    cs_strbuf number = CS_STRBUF_EMPTY;
    cs_number_fixed(&number, value, decimals);
    if (number.failed)
        table->failed = 1;
    else
        cs_strbuf_printf(table, " %*s", width, number.data);
    cs_strbuf_free(&number);
}

void cs_photo_line(cs_strbuf *table, const cs_photo *photo) {
    char *path = cs_text_visible(photo->path);
    if (path)
        cs_strbuf_printf(table, "%s  %d x %d\n", path, photo->width, photo->height);
    else
        table->failed = 1;
    free(path);
}

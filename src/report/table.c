/* Detections and classes as people read them. */
#include "report/columns.h"
#include "report/formats.h"

enum { SCORE_WIDTH = 7, PIXEL_WIDTH = 6, LOGIT_WIDTH = 8, PROBABILITY_WIDTH = 11 };

static void append_heading(cs_strbuf *table, size_t label_width) {
    cs_strbuf_puts(table, "  ");
    cs_column_left(table, "label", label_width);
    cs_strbuf_printf(table, " %*s %*s %*s %*s %*s\n", SCORE_WIDTH, "score", PIXEL_WIDTH, "x", PIXEL_WIDTH, "y",
                     PIXEL_WIDTH, "width", PIXEL_WIDTH, "height");
}

static void append_box(cs_strbuf *table, const cs_labels *labels, const cs_detection *box) {
    cs_strbuf_puts(table, "  ");
    cs_column_left(table, labels->items[box->prompt], labels->width);
    cs_column_number(table, box->score, 3, SCORE_WIDTH);
    cs_column_number(table, box->x, 0, PIXEL_WIDTH);
    cs_column_number(table, box->y, 0, PIXEL_WIDTH);
    cs_column_number(table, box->width, 0, PIXEL_WIDTH);
    cs_column_number(table, box->height, 0, PIXEL_WIDTH);
    cs_strbuf_puts(table, "\n");
}

cs_status cs_table_detections(const cs_found *found, char **text, cs_error *error) {
    cs_labels labels;
    cs_status status = cs_labels_create(found->prompts, &labels, error);
    if (status != CS_OK) return status;
    cs_strbuf table = CS_STRBUF_EMPTY;
    cs_photo_line(&table, found->photo);
    if (found->count == 0)
        cs_strbuf_puts(&table, "  nothing found\n");
    else
        append_heading(&table, labels.width);
    for (size_t i = 0; i < found->count; i++)
        append_box(&table, &labels, &found->boxes[i]);
    cs_labels_destroy(&labels);
    return cs_strbuf_take(&table, text, error);
}

cs_status cs_table_classes(const cs_classes *classes, char **text, cs_error *error) {
    cs_labels labels;
    cs_status status = cs_labels_create(classes->prompts, &labels, error);
    if (status != CS_OK) return status;
    cs_strbuf table = CS_STRBUF_EMPTY;
    cs_photo_line(&table, classes->photo);
    cs_strbuf_puts(&table, "  ");
    cs_column_left(&table, "label", labels.width);
    cs_strbuf_printf(&table, " %*s %*s\n", PROBABILITY_WIDTH, "probability", LOGIT_WIDTH, "logit");
    for (size_t i = 0; i < labels.count; i++) {
        cs_strbuf_puts(&table, "  ");
        cs_column_left(&table, labels.items[i], labels.width);
        cs_column_number(&table, classes->probabilities[i], 4, PROBABILITY_WIDTH);
        cs_column_number(&table, classes->logits[i], 2, LOGIT_WIDTH);
        cs_strbuf_puts(&table, "\n");
    }
    cs_labels_destroy(&labels);
    return cs_strbuf_take(&table, text, error);
}

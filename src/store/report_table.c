/* Hits as people read them: a line each, and below it where the things are. */
#include <stdlib.h>

#include "report/columns.h"
#include "report/text.h"
#include "store/report.h"

enum { RANK_WIDTH = 5, SCORE_WIDTH = 7, INDENT = RANK_WIDTH + SCORE_WIDTH + 3 };

static void append_visible(cs_strbuf *table, const char *text) {
    char *visible = cs_text_visible(text);
    if (visible)
        cs_strbuf_puts(table, visible);
    else
        table->failed = 1;
    free(visible);
}

static void append_box(cs_strbuf *table, const char *label, size_t width, const cs_detection *box) {
    cs_strbuf_printf(table, "%*s", INDENT, "");
    cs_column_left(table, label, width);
    cs_column_number(table, box->score, 3, SCORE_WIDTH);
    cs_strbuf_puts(table, "  box");
    cs_column_number(table, box->x, 0, 0);
    cs_column_number(table, box->y, 0, 0);
    cs_column_number(table, box->width, 0, 0);
    cs_column_number(table, box->height, 0, 0);
    cs_strbuf_puts(table, "\n");
}

static void append_note(cs_strbuf *table, const cs_hit_note *note, const cs_labels *labels) {
    size_t count = note->detections ? cs_detections_count(note->detections) : 0;
    for (size_t i = 0; i < count; i++) {
        const cs_detection *box = cs_detections_get(note->detections) + i;
        append_box(table, labels->items[box->prompt], labels->width, box);
    }
    if (note->detections && count == 0) cs_strbuf_printf(table, "%*s(no box)\n", INDENT, "");
    if (note->problem) {
        cs_strbuf_printf(table, "%*s(", INDENT, "");
        append_visible(table, note->problem);
        cs_strbuf_puts(table, ")\n");
    }
}

static void append_hit(cs_strbuf *table, const cs_hits_report *report, size_t index, const cs_labels *labels) {
    const cs_hit_note note = cs_report_note(report, index);
    cs_strbuf_printf(table, "%*zu", RANK_WIDTH, index + 1);
    cs_column_number(table, cs_hits_get(report->hits, index)->score, 3, SCORE_WIDTH);
    cs_strbuf_puts(table, "  ");
    append_visible(table, cs_report_name(report, index));
    cs_strbuf_puts(table, "\n");
    append_note(table, &note, labels);
}

cs_status cs_table_hits(const cs_hits_report *report, char **text, cs_error *error) {
    cs_labels labels = {NULL, 0, 0};
    cs_status status = report->prompts ? cs_labels_create(report->prompts, &labels, error) : CS_OK;
    if (status != CS_OK) return status;
    cs_strbuf table = CS_STRBUF_EMPTY;
    size_t count = cs_hits_count(report->hits);
    if (count > 0) cs_strbuf_printf(&table, "%*s %*s  photograph\n", RANK_WIDTH, "rank", SCORE_WIDTH, "score");
    for (size_t i = 0; i < count; i++)
        append_hit(&table, report, i, &labels);
    cs_labels_destroy(&labels);
    return cs_strbuf_take(&table, text, error);
}

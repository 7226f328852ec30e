/* Comma-separated values as RFC 4180 quotes them, with plain line feeds. */
#include "report/formats.h"
#include "report/number.h"
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Appends a text field, quoted where it has to be: quotes inside are doubled. */
static void append_field(cs_strbuf *csv, const char *text) {
    int quoted = text[strcspn(text, ",\"\r\n")] != '\0' || text[0] == ' ' || text[0] == '\0';
    if (quoted) cs_strbuf_puts(csv, "\"");
    while (*text) {
        if (*text == '"') cs_strbuf_puts(csv, "\"");
        cs_text_append(csv, cs_text_next(&text));
    }
    if (quoted) cs_strbuf_puts(csv, "\"");
}

static void append_number(cs_strbuf *csv, double value) {
    cs_strbuf_puts(csv, ",");
    cs_number_exact(csv, value);
}

static void append_start(cs_strbuf *csv, const char *path, const char *label) {
    append_field(csv, path);
    cs_strbuf_puts(csv, ",");
    append_field(csv, label);
}

cs_status cs_csv_detections(const cs_found *found, char **text, cs_error *error) {
    cs_strbuf csv = CS_STRBUF_EMPTY;
    for (size_t i = 0; i < found->count; i++) {
        const cs_detection *box = &found->boxes[i];
        append_start(&csv, found->photo->path, cs_prompts_label(found->prompts, box->prompt));
        append_number(&csv, cs_number_shortest(box->score));
        append_number(&csv, cs_number_pixels(box->x));
        append_number(&csv, cs_number_pixels(box->y));
        append_number(&csv, cs_number_pixels(box->width));
        append_number(&csv, cs_number_pixels(box->height));
        cs_strbuf_puts(&csv, "\n");
    }
    return cs_strbuf_take(&csv, text, error);
}

cs_status cs_csv_classes(const cs_classes *classes, char **text, cs_error *error) {
    cs_strbuf csv = CS_STRBUF_EMPTY;
    for (size_t i = 0; i < cs_prompts_count(classes->prompts); i++) {
        append_start(&csv, classes->photo->path, cs_prompts_label(classes->prompts, i));
        append_number(&csv, cs_number_shortest(classes->logits[i]));
        append_number(&csv, cs_number_shortest(classes->probabilities[i]));
        cs_strbuf_puts(&csv, "\n");
    }
    return cs_strbuf_take(&csv, text, error);
}

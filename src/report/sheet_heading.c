#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "report/sheet.h"
#include "report/text.h"

enum { CHIP = 16 }; /* side of a colour in the legend */

/* A heading on its way down the page. Nothing is drawn where there is no picture. */
typedef struct heading {
    cs_image *picture;
    int width, y;
} heading;

static int line_height(const cs_lettering *lettering) {
    return (int)ceil(lettering->ascent + lettering->descent);
}

static int room(const heading *at) {
    return at->width - 2 * CS_SHEET_MARGIN;
}

/* A line of text, cut where the page ends. */
static cs_status put_line(heading *at, const cs_lettering *lettering, const char *label, cs_rgb ink, cs_error *error) {
    char *clean = cs_text_visible(label);
    char *text = clean ? cs_lettering_fit(lettering, clean, "", room(at)) : NULL;
    free(clean);
    if (!text) return cs_fail_memory(error, "a heading");
    cs_rect place = {CS_SHEET_MARGIN, at->y, room(at), line_height(lettering)};
    cs_status status = CS_OK;
    if (at->picture) status = cs_sheet_text(lettering, text, place, CS_SHEET_PAGE, ink, at->picture, error);
    free(text);
    at->y += place.height;
    return status;
}

/* A colour and its label at *x, or at the beginning of the next row where there is no room left. */
static cs_status put_label(heading *at, const cs_lettering *lettering, const char *label, size_t prompt, int *x,
                           cs_error *error) {
    const int height = line_height(lettering), beside = CHIP + CHIP / 2, apart = 2 * CHIP;
    char *clean = cs_text_visible(label);
    char *text = clean ? cs_lettering_fit(lettering, clean, "", room(at) - beside) : NULL;
    free(clean);
    if (!text) return cs_fail_memory(error, "a legend");
    int width = (int)ceil(cs_lettering_width(lettering, text));
    if (*x > CS_SHEET_MARGIN && *x + beside + width > at->width - CS_SHEET_MARGIN) {
        *x = CS_SHEET_MARGIN;
        at->y += height + height / 3;
    }
    cs_status status = CS_OK;
    if (at->picture) {
        cs_rect chip = {*x, at->y + (height - CHIP) / 2, CHIP, CHIP}, place = {*x + beside, at->y, width + 1, height};
        cs_canvas_fill(at->picture, chip, cs_palette(prompt));
        status = cs_sheet_text(lettering, text, place, CS_SHEET_PAGE, CS_SHEET_INK, at->picture, error);
    }
    free(text);
    *x += beside + width + apart;
    return status;
}

static cs_status put_legend(heading *at, const cs_lettering *lettering, const cs_prompts *prompts, cs_error *error) {
    size_t count = prompts ? cs_prompts_count(prompts) : 0;
    cs_status status = CS_OK;
    int x = CS_SHEET_MARGIN;
    at->y += count > 0 ? CHIP : 0;
    for (size_t i = 0; i < count && status == CS_OK; i++)
        status = put_label(at, lettering, cs_prompts_label(prompts, i), i, &x, error);
    at->y += count > 0 ? line_height(lettering) : 0;
    return status;
}

static cs_status put_small(heading *at, const cs_sheet *sheet, cs_error *error) {
    cs_lettering lettering;
    cs_status status = cs_lettering_open_light(CS_SHEET_TEXT, &lettering, error);
    if (status != CS_OK) return status;
    at->y += sheet->note ? 6 : 0;
    if (sheet->note) status = put_line(at, &lettering, sheet->note, CS_SHEET_GREY, error);
    if (status == CS_OK) status = put_legend(at, &lettering, sheet->prompts, error);
    cs_lettering_close(&lettering);
    return status;
}

/* The largest letters, of a few sizes, in which all of the title has room; what is too long for the smallest is cut. */
static cs_status open_title(const char *title, int limit, cs_lettering *lettering, cs_error *error) {
    char *clean = cs_text_visible(title);
    if (!clean) return cs_fail_memory(error, "a heading");
    cs_status status = cs_lettering_open(CS_SHEET_TITLE, lettering, error);
    for (int size = CS_SHEET_TITLE - 5; status == CS_OK && size >= CS_SHEET_TITLE - 10; size -= 5) {
        if (cs_lettering_width(lettering, clean) <= limit) break;
        cs_lettering_close(lettering);
        status = cs_lettering_open(size, lettering, error);
    }
    free(clean);
    return status;
}

cs_status cs_sheet_heading(const cs_sheet *sheet, int width, cs_image *picture, int *height, cs_error *error) {
    heading at = {picture, width, CS_SHEET_MARGIN};
    cs_lettering lettering;
    cs_status status = open_title(sheet->title, room(&at), &lettering, error);
    if (status != CS_OK) return status;
    status = put_line(&at, &lettering, sheet->title, CS_SHEET_INK, error);
    cs_lettering_close(&lettering);
    if (status == CS_OK) status = put_small(&at, sheet, error);
    *height = at.y + CS_SHEET_MARGIN * 3 / 4;
    return status;
}

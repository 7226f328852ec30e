#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/box_frame.h"
#include "report/number.h"
#include "report/sheet.h"
#include "report/text.h"

static const char MISSING[] = "cannot be read";

/* Copies a picture to (x, y) of another, inside of which it lies. */
static void paste(const cs_image *from, cs_image *picture, int x, int y) {
    for (int row = 0; row < from->height; row++) {
        uint8_t *out = picture->pixels + ((size_t)(y + row) * (size_t)picture->width + (size_t)x) * 3;
        memcpy(out, from->pixels + (size_t)row * (size_t)from->width * 3, (size_t)from->width * 3);
    }
}

static cs_detection scaled(const cs_detection *box, float across, float down) {
    return (cs_detection){box->prompt,   box->score,          box->x * across,
                          box->y * down, box->width * across, box->height * down};
}

/* From the end, so that the surer box of a prompt lies over the others. */
static void draw_boxes(const cs_sheet_item *item, cs_image *thumbnail) {
    size_t count = item->detections ? cs_detections_count(item->detections) : 0;
    int width = item->width > 0 ? item->width : cs_image_width(item->image);
    int height = item->height > 0 ? item->height : cs_image_height(item->image);
    float across = (float)thumbnail->width / (float)width, down = (float)thumbnail->height / (float)height;
    const cs_style style = cs_style_for(thumbnail->width, thumbnail->height);
    for (size_t i = count; i-- > 0;) {
        const cs_detection box = scaled(cs_detections_get(item->detections) + i, across, down);
        cs_rect place = cs_box_frame_place(&box, thumbnail->width, thumbnail->height, &style);
        cs_box_frame_draw(thumbnail, place, box.prompt, &style);
    }
}

static cs_status draw_photograph(const cs_sheet_item *item, cs_rect mat, cs_image *picture, cs_error *error) {
    cs_image *thumbnail = NULL;
    cs_status status = cs_image_fit(item->image, mat.width, mat.height, &thumbnail, error);
    if (status != CS_OK) return status;
    draw_boxes(item, thumbnail);
    paste(thumbnail, picture, mat.x + (mat.width - thumbnail->width) / 2, mat.y + (mat.height - thumbnail->height) / 2);
    cs_image_close(thumbnail);
    return CS_OK;
}

static cs_status draw_missing(const cs_lettering *lettering, cs_rect mat, cs_image *picture, cs_error *error) {
    int width = (int)ceil(cs_lettering_width(lettering, MISSING)) + 1;
    cs_rect place = {mat.x + (mat.width - width) / 2, mat.y, width, mat.height};
    return cs_sheet_text(lettering, MISSING, place, CS_SHEET_MAT, CS_SHEET_GREY, picture, error);
}

/* Text at the left or, where `right` is set, at the right of *line, which becomes what is left of it. */
static cs_status put(const cs_lettering *lettering, const char *text, int right, cs_rgb ink, cs_rect *line,
                     cs_image *picture, cs_error *error) {
    int width = (int)ceil(cs_lettering_width(lettering, text)) + 1, gap = line->height / 4;
    cs_rect place = {right ? line->x + line->width - width : line->x, line->y, width, line->height};
    cs_status status =
        cs_sheet_text(lettering, text, cs_rect_intersect(place, *line), CS_SHEET_CARD, ink, picture, error);
    line->x += right ? 0 : width + gap;
    line->width = line->width > width + gap ? line->width - width - gap : 0;
    return status;
}

static cs_status put_number(const cs_lettering *lettering, double value, int decimals, int right, cs_rgb ink,
                            cs_rect *line, cs_image *picture, cs_error *error) {
    cs_strbuf text = CS_STRBUF_EMPTY;
    cs_number_fixed(&text, value, decimals);
    cs_status status =
        text.failed ? cs_fail_memory(error, "a number") : put(lettering, text.data, right, ink, line, picture, error);
    cs_strbuf_free(&text);
    return status;
}

static cs_status put_name(const cs_lettering *lettering, const char *name, cs_rect *line, cs_image *picture,
                          cs_error *error) {
    char *clean = cs_text_visible(name);
    char *text = clean ? cs_lettering_fit_name(lettering, clean, line->width - 1) : NULL;
    free(clean);
    if (!text) return cs_fail_memory(error, "a name");
    cs_status status = put(lettering, text, 0, CS_SHEET_INK, line, picture, error);
    free(text);
    return status;
}

/* "3  IMG_2041.jpg        0.247": what is at the ends first, the name has what is left. */
static cs_status put_line(const cs_sheet_item *item, size_t index, const cs_sheet_letters *letters, cs_rect line,
                          cs_image *picture, cs_error *error) {
    cs_status status = put_number(&letters->bold, (double)(index + 1), 0, 0, CS_SHEET_GREY, &line, picture, error);
    if (status == CS_OK && !isnan(item->score))
        status = put_number(&letters->plain, item->score, 3, 1, CS_SHEET_GREY, &line, picture, error);
    return status == CS_OK ? put_name(&letters->plain, item->caption, &line, picture, error) : status;
}

cs_status cs_sheet_item_draw(const cs_sheet *sheet, size_t index, const cs_sheet_grid *grid, cs_rect card,
                             const cs_sheet_letters *letters, cs_image *picture, cs_error *error) {
    const cs_sheet_item *item = &sheet->items[index];
    const int border = CS_SHEET_BORDER, padding = grid->letters / 2;
    cs_rect mat = {card.x + border, card.y + border, grid->side, grid->mat};
    cs_rect line = {mat.x + padding, mat.y + mat.height, mat.width - 2 * padding, grid->line};
    cs_canvas_fill(picture, card, CS_SHEET_CARD);
    cs_canvas_frame(picture, card, border, CS_SHEET_EDGE);
    cs_canvas_fill(picture, mat, CS_SHEET_MAT);
    cs_status status =
        item->image ? draw_photograph(item, mat, picture, error) : draw_missing(&letters->plain, mat, picture, error);
    return status == CS_OK ? put_line(item, index, letters, line, picture, error) : status;
}

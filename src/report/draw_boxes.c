#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "report/box_frame.h"
#include "report/label_layout.h"
#include "report/lettering.h"
#include "report/number.h"
#include "report/style.h"
#include "report/text.h"

/* Everything about one drawing. Arrays begin with the smallest box: it has the fewest places for its tag and chooses
 * first; drawing goes from the end, so that large boxes do not cover small ones. */
typedef struct drawing {
    cs_image *picture;
    const cs_prompts *prompts;
    size_t count;
    cs_detection *items; /* [count] */
    cs_rect *boxes;      /* [count] */
    cs_rect *tags;       /* [count] */
    char **texts;        /* [count] */
    cs_lettering lettering;
    cs_style style;
} drawing;

/* Smaller first; of equally large boxes the surer first, to be drawn last. */
static int compare(const void *left, const void *right) {
    const cs_detection *a = left, *b = right;
    double size_a = (double)a->width * a->height, size_b = (double)b->width * b->height;
    if (size_a != size_b) return size_a < size_b ? -1 : 1;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return (a->prompt > b->prompt) - (a->prompt < b->prompt);
}

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

/* A bent line from the middle of a tag to its box, for tags that found no place there; `margin` is what the line is
 * wider than itself on every side. */
static void draw_lead(const drawing *d, size_t index, int margin, cs_rgb color) {
    cs_rect tag = d->tags[index], box = d->boxes[index];
    int line = d->style.line, x = tag.x + tag.width / 2, y = tag.y + tag.height / 2;
    int to_x = clamp(x, box.x, box.x + box.width - line), to_y = clamp(y, box.y, box.y + box.height - line);
    int left = x < to_x ? x : to_x, top = y < to_y ? y : to_y;
    cs_rect across = {left - margin, y - margin, abs(to_x - x) + line + 2 * margin, line + 2 * margin};
    cs_rect down = {to_x - margin, top - margin, line + 2 * margin, abs(to_y - y) + line + 2 * margin};
    cs_canvas_fill(d->picture, across, color);
    cs_canvas_fill(d->picture, down, color);
}

static void draw_leads(const drawing *d) {
    for (size_t i = d->count; i-- > 0;) {
        cs_rect tag = d->tags[i], reach = {tag.x - 1, tag.y - 1, tag.width + 2, tag.height + 2};
        cs_rect common = cs_rect_intersect(reach, d->boxes[i]);
        if (common.width > 0 && common.height > 0) continue;
        cs_rgb color = cs_palette(d->items[i].prompt);
        draw_lead(d, i, d->style.casing, cs_color_ink(color));
        draw_lead(d, i, 0, color);
    }
}

/* "a cat 0.87"; the label loses its end where it is much longer than its box is wide. */
static char *tag_text(const drawing *d, const cs_detection *item, double limit) {
    cs_strbuf tail = CS_STRBUF_EMPTY;
    char *label = cs_text_visible(cs_prompts_label(d->prompts, item->prompt));
    char *text = NULL;
    cs_strbuf_puts(&tail, " ");
    cs_number_fixed(&tail, item->score, 2);
    if (label && !tail.failed) text = cs_lettering_fit(&d->lettering, label, tail.data, limit);
    cs_strbuf_free(&tail);
    free(label);
    return text;
}

static cs_status measure_tag(drawing *d, size_t index, cs_error *error) {
    int room = d->picture->width, padding = d->style.padding;
    double limit = fmin(fmax(d->boxes[index].width, room * 0.55), room) - 2 * padding;
    d->texts[index] = tag_text(d, &d->items[index], limit);
    if (!d->texts[index]) return cs_fail_memory(error, "labels");
    double width = ceil(cs_lettering_width(&d->lettering, d->texts[index])) + 2 * padding;
    double height = ceil(d->lettering.ascent + d->lettering.descent) + padding;
    d->tags[index].width = (int)fmin(width, room);
    d->tags[index].height = (int)fmin(height, d->picture->height);
    return CS_OK;
}

static cs_status draw_tag(const drawing *d, size_t index, cs_error *error) {
    cs_rgb color = cs_palette(d->items[index].prompt);
    cs_sign sign = {d->texts[index], d->style.padding, color, cs_color_ink(color)};
    return cs_lettering_draw(&d->lettering, &sign, d->tags[index], d->picture, error);
}

static void draw_all_boxes(drawing *d) {
    for (size_t i = 0; i < d->count; i++)
        d->boxes[i] = cs_box_frame_place(&d->items[i], d->picture->width, d->picture->height, &d->style);
    for (size_t i = d->count; i-- > 0;)
        cs_box_frame_draw(d->picture, d->boxes[i], d->items[i].prompt, &d->style);
}

/* Behind the boxes, so that no line crosses a label. */
static cs_status draw_all_tags(drawing *d, cs_error *error) {
    cs_status status = CS_OK;
    for (size_t i = 0; i < d->count && status == CS_OK; i++)
        status = measure_tag(d, i, error);
    if (status != CS_OK) return status;
    cs_label_layout(d->picture->width, d->picture->height, d->boxes, d->tags, d->count);
    draw_leads(d);
    for (size_t i = d->count; i-- > 0 && status == CS_OK;)
        status = draw_tag(d, i, error);
    return status;
}

static cs_status prepare(drawing *d, const cs_detections *detections, cs_error *error) {
    d->count = cs_detections_count(detections);
    d->items = cs_alloc(d->count, sizeof *d->items);
    d->boxes = cs_alloc_zero(d->count, sizeof *d->boxes);
    d->tags = cs_alloc_zero(d->count, sizeof *d->tags);
    d->texts = cs_alloc_zero(d->count, sizeof *d->texts);
    if (!d->items || !d->boxes || !d->tags || !d->texts) return cs_fail_memory(error, "a drawing");
    if (d->count > 0) memcpy(d->items, cs_detections_get(detections), d->count * sizeof *d->items);
    qsort(d->items, d->count, sizeof *d->items, compare);
    d->style = cs_style_for(d->picture->width, d->picture->height);
    return cs_lettering_open(d->style.font, &d->lettering, error);
}

static void release(drawing *d) {
    for (size_t i = 0; d->texts && i < d->count; i++)
        free(d->texts[i]);
    free(d->texts);
    free(d->tags);
    free(d->boxes);
    free(d->items);
    cs_lettering_close(&d->lettering);
}

static cs_status copy_image(const cs_image *image, cs_image **copy, cs_error *error) {
    cs_status status = cs_image_create(image->width, image->height, copy, error);
    if (status == CS_OK) memcpy((*copy)->pixels, image->pixels, (size_t)image->width * (size_t)image->height * 3);
    return status;
}

static cs_status check(const cs_image *image, const cs_prompts *prompts, const cs_detections *detections,
                       cs_error *error) {
    if (!image || !prompts || !detections)
        return cs_fail(error, CS_ERR_ARGUMENT, "a drawing needs a photograph, prompts and detections");
    const cs_detection *boxes = cs_detections_get(detections);
    for (size_t i = 0; i < cs_detections_count(detections); i++)
        if (boxes[i].prompt >= cs_prompts_count(prompts))
            return cs_fail(error, CS_ERR_ARGUMENT, "detection %zu is of prompt %zu; the prompt set has %zu", i,
                           boxes[i].prompt, cs_prompts_count(prompts));
    return CS_OK;
}

cs_status cs_draw_detections(const cs_image *image, const cs_prompts *prompts, const cs_detections *detections,
                             cs_image **picture, cs_error *error) {
    drawing d = {.prompts = prompts};
    cs_status status = check(image, prompts, detections, error);
    if (status == CS_OK) status = copy_image(image, &d.picture, error);
    if (status != CS_OK) return status;
    status = prepare(&d, detections, error);
    if (status == CS_OK) draw_all_boxes(&d);
    /* In a picture the size of an icon nobody could read the labels, and nothing would be left to see behind them. */
    if (status == CS_OK && d.style.font >= CS_READABLE) status = draw_all_tags(&d, error);
    release(&d);
    if (status == CS_OK)
        *picture = d.picture;
    else
        cs_image_close(d.picture);
    return status;
}

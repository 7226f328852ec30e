#include "report/box_frame.h"

#include <math.h>

#include "report/formats.h"

/* Whole pixels from *start on, inside 0..limit; at least `least` of them where there are so many. */
static int pixel_stretch(double from, double to, int least, int limit, int *start) {
    int first = (int)lround(from), length = (int)lround(to) - first;
    if (length < least) {
        first -= (least - length) / 2;
        length = least;
    }
    if (length > limit) length = limit;
    if (first + length > limit) first = limit - length;
    *start = first < 0 ? 0 : first;
    return length;
}

cs_rect cs_box_frame_place(const cs_detection *box, int width, int height, const cs_style *style) {
    int least = style->line + 2 * style->casing; /* so that no box vanishes */
    cs_edges edges = cs_box_edges(box, width, height);
    cs_rect rect;
    rect.width = pixel_stretch(edges.left, edges.right, least, width, &rect.x);
    rect.height = pixel_stretch(edges.top, edges.bottom, least, height, &rect.y);
    return rect;
}

void cs_box_frame_draw(cs_image *picture, cs_rect place, size_t prompt, const cs_style *style) {
    cs_rgb color = cs_palette(prompt);
    int casing = style->casing, line = style->line;
    cs_canvas_frame(picture, place, line + 2 * casing, cs_color_ink(color));
    cs_rect inner = {place.x + casing, place.y + casing, place.width - 2 * casing, place.height - 2 * casing};
    cs_canvas_frame(picture, inner, line, color);
}

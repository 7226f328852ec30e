/* Drawing straight into an RGB8 picture. cairo wants whole pictures in its own four-byte layout, at most 32,767 pixels
 * a side; converting 18 megapixels there and back costs more than everything else here, so cairo only draws the small
 * label tags, and those are copied in. */
#ifndef CS_REPORT_CANVAS_H
#define CS_REPORT_CANVAS_H

#include "image/image.h"
#include "report/color.h"

/* The part of `rect` that lies inside `bounds`; width and height 0 where there is none. */
cs_rect cs_rect_intersect(cs_rect rect, cs_rect bounds);

/* Fills the part of `rect` that lies inside the picture. */
void cs_canvas_fill(cs_image *picture, cs_rect rect, cs_rgb color);

/* Fills a band `thickness` wide along the inside of the edges of `rect`. */
void cs_canvas_frame(cs_image *picture, cs_rect rect, int thickness, cs_rgb color);

#endif

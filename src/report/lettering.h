/* Text in pictures, drawn by cairo in DejaVu Sans (or what fontconfig puts in its place). cairo's plain text interface
 * neither borrows glyphs from other fonts nor orders right-to-left text: characters that the font lacks show as boxes,
 * and Hebrew and Arabic run from left to right. */
#ifndef CS_REPORT_LETTERING_H
#define CS_REPORT_LETTERING_H

#include <cairo.h>

#include "report/canvas.h"

typedef struct cs_lettering {
    cairo_scaled_font_t *font;
    double ascent, descent; /* pixels above and below the base line */
} cs_lettering;

/* Bold letters; `size` in pixels. */
cs_status cs_lettering_open(double size, cs_lettering *lettering, cs_error *error);

/* Letters of usual weight. */
cs_status cs_lettering_open_light(double size, cs_lettering *lettering, cs_error *error);
void cs_lettering_close(cs_lettering *lettering);

/* Advance of clean UTF-8 text in pixels. */
double cs_lettering_width(const cs_lettering *lettering, const char *text);

/* `label` and `tail` with the end of the label given up for an ellipsis where both together are wider than `limit`.
 * `label` is clean; the tail stays whole. NULL where memory is short. */
char *cs_lettering_fit(const cs_lettering *lettering, const char *label, const char *tail, double limit);

/* A clean name with its middle given up for an ellipsis where it is wider than `limit`: names of photographs differ at
 * their ends. NULL where memory is short. */
char *cs_lettering_fit_name(const cs_lettering *lettering, const char *name, double limit);

/* A piece of text on a plain ground. */
typedef struct cs_sign {
    const char *text; /* clean UTF-8 */
    double x;         /* where the text starts, from the left of the sign */
    cs_rgb ground, ink;
} cs_sign;

/* Draws a sign over `place`, which lies inside the picture; the text is centred from top to bottom and cut off at the
 * edges. */
cs_status cs_lettering_draw(const cs_lettering *lettering, const cs_sign *sign, cs_rect place, cs_image *picture,
                            cs_error *error);

#endif

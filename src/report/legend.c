#include "report/legend.h"

#include <math.h>

#include "report/lettering.h"
#include "report/style.h"

static const cs_rgb ground = {24, 24, 24}, ink = {235, 235, 235};

int cs_legend_height(int width, int height) {
    cs_style style = cs_style_for(width, height);
    return 2 * style.font + style.padding;
}

static void draw_bar(cs_image *picture, cs_rect bar, const cs_rgb colors[CS_COLORMAP_STEPS]) {
    for (int x = 0; x < bar.width; x++) {
        int step = (int)((double)x * CS_COLORMAP_STEPS / bar.width);
        cs_canvas_fill(picture, (cs_rect){bar.x + x, bar.y, 1, bar.height}, colors[step]);
    }
}

/* Draws `text` at x and returns where it ends. */
static cs_status draw_text(const cs_lettering *lettering, const char *text, double x, cs_rect strip, cs_image *picture,
                           cs_error *error) {
    int left = (int)x, width = (int)ceil(cs_lettering_width(lettering, text)) + 1;
    cs_rect place = cs_rect_intersect((cs_rect){left, strip.y, width, strip.height}, strip);
    if (place.width == 0 || place.height == 0) return CS_OK;
    cs_sign sign = {text, 0, ground, ink};
    return cs_lettering_draw(lettering, &sign, place, picture, error);
}

/* "relevance  0 [bar] 1"; the word goes first where the strip is too narrow for it. */
static cs_status draw_strip(const cs_lettering *lettering, cs_rect strip, cs_image *picture,
                            const cs_rgb colors[CS_COLORMAP_STEPS], cs_error *error) {
    double gap = lettering->ascent / 2, digit = cs_lettering_width(lettering, "0");
    double title = cs_lettering_width(lettering, "relevance") + 2 * gap;
    double rest = 4 * gap + 2 * digit;
    int titled = strip.width >= title + rest + 8 * digit;
    double start = gap + (titled ? title : 0);
    double length = fmin(strip.width - start - rest + gap, 40 * digit);
    cs_rect bar = {(int)(start + digit + gap), strip.y + strip.height / 3, (int)length, strip.height / 3};
    if (length < 2 * digit) bar = (cs_rect){0, strip.y, strip.width, strip.height};
    cs_canvas_fill(picture, strip, ground);
    draw_bar(picture, bar, colors);
    if (length < 2 * digit) return CS_OK;
    cs_status status = titled ? draw_text(lettering, "relevance", gap, strip, picture, error) : CS_OK;
    if (status == CS_OK) status = draw_text(lettering, "0", start, strip, picture, error);
    if (status == CS_OK) status = draw_text(lettering, "1", bar.x + bar.width + gap, strip, picture, error);
    return status;
}

cs_status cs_legend_draw(cs_image *picture, int top, const cs_rgb colors[CS_COLORMAP_STEPS], cs_error *error) {
    cs_rect strip = {0, top, picture->width, picture->height - top};
    cs_lettering lettering;
    cs_status status = cs_lettering_open(cs_style_for(picture->width, top).font, &lettering, error);
    if (status != CS_OK) return status;
    status = draw_strip(&lettering, strip, picture, colors, error);
    cs_lettering_close(&lettering);
    return status;
}

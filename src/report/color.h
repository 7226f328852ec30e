/* Colours, by their perceived lightness. */
#ifndef CS_REPORT_COLOR_H
#define CS_REPORT_COLOR_H

#include <stddef.h>
#include <stdint.h>

typedef struct cs_rgb {
    uint8_t r, g, b; /* sRGB */
} cs_rgb;

/* A colour by lightness [0, 1], chroma (0 grey, about 0.3 at most) and hue in degrees, in the OKLab space; where sRGB
 * cannot show it the chroma is lowered until it can. Source: B. Ottosson, "A perceptual color space for image
 * processing", 2020. */
cs_rgb cs_color_lch(double lightness, double chroma, double hue);

/* Relative luminance [0, 1] as WCAG 2.1 defines it. */
double cs_color_luminance(cs_rgb color);

/* Black or white, whichever contrasts more with `color`. */
cs_rgb cs_color_ink(cs_rgb color);

/* The colour of a prompt's boxes: seven that colour-blind people tell apart, then as many more as wanted. */
cs_rgb cs_palette(size_t prompt);

/* The heat map's scale, dark violet (0) over red to light yellow (1): perceptually uniform, that is, equal steps of the
 * score are equal steps of colour to the eye, and of lightness nearly so. */
enum { CS_COLORMAP_STEPS = 256 };
void cs_colormap(cs_rgb colors[CS_COLORMAP_STEPS]);

#endif

/* Arithmetic on 8-bit samples that stand for 0 to 1. */
#ifndef CS_IMAGE_ALPHA_H
#define CS_IMAGE_ALPHA_H

#include <stddef.h>
#include <stdint.h>

/* x / 255 rounded to nearest, for x in 0..255*255. */
static inline unsigned cs_divide_255(unsigned x) {
    x += 128;
    return (x + (x >> 8)) >> 8;
}

/* Lays n RGBA pixels over white; the colours are not premultiplied. rgba: [n, 4], rgb: [n, 3]. */
static inline void cs_over_white(const uint8_t *rgba, size_t n, uint8_t *rgb) {
    for (size_t i = 0; i < n; i++) {
        unsigned alpha = rgba[4 * i + 3], white = 255 * (255 - alpha);
        for (int c = 0; c < 3; c++)
            rgb[3 * i + c] = (uint8_t)cs_divide_255(rgba[4 * i + c] * alpha + white);
    }
}

#endif

#include <math.h>

#include "report/color.h"

void cs_colormap(cs_rgb colors[CS_COLORMAP_STEPS]) {
    for (int i = 0; i < CS_COLORMAP_STEPS; i++) {
        double t = i / (CS_COLORMAP_STEPS - 1.0);
        /* Half a turn of the hue from violet (285) over red to yellow (105); the chroma is highest in the middle,
         * where sRGB reaches furthest. */
        double chroma = 0.12 + 0.11 * sin(acos(-1) * t);
        colors[i] = cs_color_lch(0.24 + 0.70 * t, chroma, fmod(285 + 180 * t, 360));
    }
}

#include <math.h>

#include "report/color.h"

/* Half a turn of the hue from violet (285) over red to yellow (105) while the lightness rises; the chroma is highest in
 * the middle, and everywhere low enough that sRGB has the colour: where it were cut, the scale would have a kink that
 * the scores have not. The position runs a little unevenly so that all steps look equally large, also as CAM02-UCS
 * measures it (Luo et al. 2006): there the steps of eight colours differ by 4 % (standard deviation). */
void cs_colormap(cs_rgb colors[CS_COLORMAP_STEPS]) {
    const double pi = acos(-1);
    for (int i = 0; i < CS_COLORMAP_STEPS; i++) {
        double t = i / (CS_COLORMAP_STEPS - 1.0);
        double along = t - 0.0145 * sin(pi * t) + 0.0155 * sin(2 * pi * t);
        double chroma = 0.11 + 0.07 * sin(pi * along);
        colors[i] = cs_color_lch(0.24 + 0.70 * along, chroma, fmod(285 + 180 * along, 360));
    }
}

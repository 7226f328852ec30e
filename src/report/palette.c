#include <math.h>

#include "report/color.h"

/* Okabe and Ito's colours without black ("Color Universal Design", 2008), those first that differ most from each other
 * and from the browns, greens and greys that photographs are full of. */
static const cs_rgb universal[] = {
    {213, 94, 0},    /* vermilion */
    {86, 180, 233},  /* sky blue */
    {240, 228, 66},  /* yellow */
    {0, 158, 115},   /* bluish green */
    {204, 121, 167}, /* reddish purple */
    {0, 114, 178},   /* blue */
    {230, 159, 0},   /* orange */
};
enum { UNIVERSAL = sizeof universal / sizeof *universal };

cs_rgb cs_palette(size_t prompt) {
    if (prompt < UNIVERSAL) return universal[prompt];
    /* Steps of the golden angle never meet an earlier hue; three lightnesses part those that come near. */
    static const double lightness[] = {0.82, 0.48, 0.66};
    size_t index = prompt - UNIVERSAL;
    double hue = fmod(20 + 137.50776405 * (double)(index % 100000), 360);
    return cs_color_lch(lightness[index % 3], 0.19, hue);
}

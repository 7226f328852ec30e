#include "report/style.h"

#include <math.h>

static int at_least(double value, int least) {
    int whole = (int)(value + 0.5);
    return whole < least ? least : whole;
}

cs_style cs_style_for(int width, int height) {
    /* Proportional: a large photograph is mostly looked at scaled down to the screen. Long strips count by their short
     * side, into which a label still has to fit. */
    double side = fmin(sqrt((double)width * height), 3.0 * fmin(width, height));
    cs_style style;
    style.line = at_least(side / 300, side < 100 ? 1 : 2);
    style.casing = at_least(side / 1200, 1);
    style.font = at_least(side / 38, 12);
    int tallest = at_least(fmin(width, height) / 5.0, 5);
    if (style.font > tallest) style.font = tallest;
    style.padding = at_least(style.font / 4.0, 1);
    return style;
}

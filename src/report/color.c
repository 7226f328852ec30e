#include "report/color.h"

#include <math.h>

/* OKLab to linear sRGB; the numbers are the paper's. */
static void linear_from_oklab(double lightness, double a, double b, double rgb[3]) {
    double l = pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
    double m = pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
    double s = pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
    rgb[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    rgb[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    rgb[2] = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
}

static int displayable(const double rgb[3]) {
    for (int i = 0; i < 3; i++)
        if (rgb[i] < 0 || rgb[i] > 1) return 0;
    return 1;
}

/* The transfer curve of sRGB (IEC 61966-2-1). */
static uint8_t encode(double linear) {
    double value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * pow(linear, 1 / 2.4) - 0.055;
    return (uint8_t)(fmin(fmax(value, 0), 1) * 255 + 0.5);
}

static double decode(uint8_t byte) {
    double value = byte / 255.0;
    return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

cs_rgb cs_color_lch(double lightness, double chroma, double hue) {
    double angle = hue * acos(-1) / 180, along = cos(angle), across = sin(angle);
    double rgb[3];
    /* Grey can always be shown: halve the distance to the largest chroma that can. The first try is `chroma` itself. */
    double low = 0, high = 2 * chroma;
    for (int i = 0; i < 16; i++) {
        double middle = (low + high) / 2;
        linear_from_oklab(lightness, middle * along, middle * across, rgb);
        if (i == 0 && displayable(rgb)) break;
        if (displayable(rgb))
            low = middle;
        else
            high = middle;
    }
    return (cs_rgb){encode(rgb[0]), encode(rgb[1]), encode(rgb[2])};
}

double cs_color_luminance(cs_rgb color) {
    return 0.2126 * decode(color.r) + 0.7152 * decode(color.g) + 0.0722 * decode(color.b);
}

cs_rgb cs_color_ink(cs_rgb color) {
    /* Contrast with black is (Y + 0.05) / 0.05, with white 1.05 / (Y + 0.05); they meet at this luminance. */
    double middle = sqrt(1.05 * 0.05) - 0.05;
    return cs_color_luminance(color) > middle ? (cs_rgb){0, 0, 0} : (cs_rgb){255, 255, 255};
}

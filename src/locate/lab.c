/* From sRGB to CIE L*a*b*, in which distances are about as people see them. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "locate/superpixels.h"

/* Light from an sRGB sample (IEC 61966-2-1). */
static float light(int sample) {
    double value = sample / 255.0;
    return (float)(value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4));
}

/* The cube root of CIE 1976 with its straight piece near black. */
static float root(float value) {
    const float bend = 216.0f / 24389.0f;
    return value > bend ? cbrtf(value) : (value * 24389.0f / 27.0f + 16.0f) / 116.0f;
}

/* Rows of the matrix from linear sRGB to XYZ, divided by the white's XYZ: each adds up to 1. */
static const float to_xyz[3][3] = {{0.4124564f / 0.95047f, 0.3575761f / 0.95047f, 0.1804375f / 0.95047f},
                                   {0.2126729f, 0.7151522f, 0.0721750f},
                                   {0.0193339f / 1.08883f, 0.1191920f / 1.08883f, 0.9503041f / 1.08883f}};

cs_status cs_lab_create(cs_view picture, cs_lab *lab, cs_error *error) {
    size_t count = (size_t)picture.width * (size_t)picture.height, at = 0;
    float lights[256], *planes = cs_alloc(count, 3 * sizeof *planes);
    if (!planes) return cs_fail_memory(error, "a picture in Lab");
    for (int v = 0; v < 256; v++)
        lights[v] = light(v);
    for (int y = 0; y < picture.height; y++) {
        const uint8_t *pixel = picture.pixels + (size_t)y * picture.stride;
        for (int x = 0; x < picture.width; x++, pixel += 3, at++) {
            float roots[3];
            for (int i = 0; i < 3; i++)
                roots[i] = root(to_xyz[i][0] * lights[pixel[0]] + to_xyz[i][1] * lights[pixel[1]] +
                                to_xyz[i][2] * lights[pixel[2]]);
            planes[at] = 116 * roots[1] - 16;
            planes[count + at] = 500 * (roots[0] - roots[1]);
            planes[2 * count + at] = 200 * (roots[1] - roots[2]);
        }
    }
    *lab = (cs_lab){picture.height, picture.width, planes};
    return CS_OK;
}

void cs_lab_free(cs_lab *lab) {
    free(lab->planes);
    lab->planes = NULL;
}

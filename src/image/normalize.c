#include "image/normalize.h"

void cs_normalize_pixels(const uint8_t *rgb, size_t stride, int width, int height, const float mean[3],
                         const float std[3], float *out) {
    float table[256][3];
    for (int v = 0; v < 256; v++)
        for (int c = 0; c < 3; c++)
            table[v][c] = ((float)(v / 255.0) - mean[c]) / std[c];
    for (int y = 0; y < height; y++) {
        const uint8_t *row = rgb + (size_t)y * stride;
        for (int x = 0; x < width; x++, out += 3)
            for (int c = 0; c < 3; c++)
                out[c] = table[row[3 * x + c]][c];
    }
}

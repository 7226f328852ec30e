/* Weights of bicubic resizing along one side. Source: Keys, "Cubic Convolution Interpolation for Digital Image
 * Processing" (1981); conventions of torch.nn.functional.interpolate with align_corners false. */
#include <math.h>

#include "model/positions.h"

/* Keys' kernel at distance x. */
static double cubic(double x, double a) {
    x = fabs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

static int clamp(int x, int count) {
    return x < 0 ? 0 : x >= count ? count - 1 : x;
}

/* Four taps around the centre; places beyond the border stand for the last one before it. weights: [in], zeros. */
static void plain_taps(double center, int in, float *weights) {
    int before = (int)floor(center - 0.5);
    double offset = center - 0.5 - before;
    for (int k = -1; k <= 2; k++)
        weights[clamp(before + k, in)] += (float)cubic(k - offset, -0.75);
}

/* The kernel as wide as the grid shrinks; places beyond the border do not count. weights: [in], zeros. */
static void antialiased_taps(double center, double shrink, int in, float *weights) {
    double stretch = shrink > 1 ? shrink : 1, sum = 0;
    int first = (int)(center - 2 * stretch + 0.5), end = (int)(center + 2 * stretch + 0.5);
    if (first < 0) first = 0;
    if (end > in) end = in;
    for (int k = first; k < end; k++)
        sum += cubic((k + 0.5 - center) / stretch, -0.5);
    for (int k = first; k < end; k++)
        weights[k] = (float)(cubic((k + 0.5 - center) / stretch, -0.5) / sum);
}

void cs_position_weights(cs_position_filter filter, int in, int out, float *weights) {
    double shrink = (double)in / out;
    for (int i = 0; i < out; i++) {
        float *row = weights + (size_t)i * (size_t)in;
        for (int k = 0; k < in; k++)
            row[k] = 0;
        if (filter == CS_POSITIONS_ANTIALIAS) {
            antialiased_taps((i + 0.5) * shrink, shrink, in, row);
        } else {
            plain_taps((i + 0.5) * shrink, in, row);
        }
    }
}

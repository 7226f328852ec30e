#include "image/taps.h"

#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"

static double bilinear(double x) {
    x = fabs(x);
    return x < 1 ? 1 - x : 0;
}

/* Keys' cubic with a = -1/2. */
static double bicubic(double x) {
    const double a = -0.5;
    x = fabs(x);
    if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
    if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
    return 0;
}

static double sinc(double x) {
    if (x == 0) return 1;
    x *= M_PI;
    return sin(x) / x;
}

static double lanczos(double x) {
    return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

typedef struct kernel {
    double (*at)(double x);
    double radius;
} kernel;

static kernel kernel_of(cs_filter filter) {
    if (filter == CS_FILTER_BILINEAR) return (kernel){bilinear, 1};
    if (filter == CS_FILTER_BICUBIC) return (kernel){bicubic, 2};
    return (kernel){lanczos, 3};
}

static int32_t fixed_point(double weight) {
    double scaled = weight * (1 << CS_WEIGHT_BITS);
    return (int32_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
}

/* Fills output i. `real`: [most], scratch for the weights before they are rounded. */
static void fill(cs_taps *taps, int i, int inputs, kernel k, double scale, double *real) {
    double stretch = scale > 1 ? scale : 1, reach = k.radius * stretch, centre = (i + 0.5) * scale, sum = 0;
    int low = (int)(centre - reach + 0.5), high = (int)(centre + reach + 0.5);
    if (low < 0) low = 0;
    if (high > inputs) high = inputs;
    int32_t *weights = taps->weights + (size_t)i * (size_t)taps->most;
    for (int j = low; j < high; j++) {
        real[j - low] = k.at((j - centre + 0.5) * (1 / stretch));
        sum += real[j - low];
    }
    for (int j = 0; j < high - low; j++)
        weights[j] = fixed_point(sum != 0 ? real[j] / sum : real[j]);
    taps->first[i] = low;
    taps->count[i] = high - low;
}

cs_status cs_taps_create(int inputs, int outputs, cs_filter filter, cs_taps *taps, cs_error *error) {
    kernel k = kernel_of(filter);
    double scale = (double)inputs / outputs;
    double widest = ceil(k.radius * (scale > 1 ? scale : 1)) * 2 + 1;
    int most = widest < inputs ? (int)widest : inputs;
    *taps = (cs_taps){outputs, most, cs_alloc((size_t)outputs, sizeof(int)), cs_alloc((size_t)outputs, sizeof(int)),
                      cs_alloc_zero((size_t)outputs * (size_t)most, sizeof(int32_t))};
    double *real = cs_alloc((size_t)most, sizeof *real);
    if (!taps->first || !taps->count || !taps->weights || !real) {
        free(real);
        cs_taps_free(taps);
        return cs_fail_memory(error, "the weights of a resize");
    }
    for (int i = 0; i < outputs; i++)
        fill(taps, i, inputs, k, scale, real);
    free(real);
    return CS_OK;
}

void cs_taps_free(cs_taps *taps) {
    free(taps->first);
    free(taps->count);
    free(taps->weights);
    *taps = (cs_taps){0};
}

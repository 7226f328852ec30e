/* Which source pixels make up an output pixel, along one axis, and with what weights. */
#ifndef CS_IMAGE_TAPS_H
#define CS_IMAGE_TAPS_H

#include "image/resample.h"

/* Weights are fixed-point numbers with this many bits behind the point. */
enum { CS_WEIGHT_BITS = 22, CS_WEIGHT_HALF = 1 << (CS_WEIGHT_BITS - 1) };

typedef struct cs_taps {
    int outputs;      /* n */
    int most;         /* largest count */
    int *first;       /* [n] first source pixel; never falls from one output to the next */
    int *count;       /* [n] how many source pixels */
    int32_t *weights; /* [n, most], zero behind `count` */
} cs_taps;

/* Taps for resizing `inputs` pixels to `outputs` with a filter other than nearest, as Pillow computes them: the filter
 * is stretched by the scale when shrinking, its weights normalised in double precision and rounded half away from
 * zero. */
cs_status cs_taps_create(int inputs, int outputs, cs_filter filter, cs_taps *taps, cs_error *error);
void cs_taps_free(cs_taps *taps);

/* The row of weights of an output. */
static inline const int32_t *cs_taps_weights(const cs_taps *taps, int output) {
    return taps->weights + (size_t)output * (size_t)taps->most;
}

/* A weighted sum of samples as a sample again. */
static inline uint8_t cs_sample_from_sum(int32_t sum) {
    int32_t value = sum >> CS_WEIGHT_BITS;
    return (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Pillow 13 makes the vertical pass first for pictures much taller than what they become. The order matters, because
 * samples are rounded to 8 bits between the passes. */
static inline int cs_vertical_first(cs_view source, int width, int height) {
    return height < source.height && (int64_t)source.height - height > 2 * ((int64_t)source.width - width);
}

#endif

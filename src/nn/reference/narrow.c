/* The definitions of nn/narrow.h as they read. */
#include "nn/narrow.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "nn/reference/reference.h"

static float to_whole(float value, float step) {
    return step * cs_int8_whole(value, 1 / step);
}

void cs_reference_narrow_weights(cs_precision precision, int out, size_t count, float *weight) {
    for (int o = 0; o < out; o++) {
        float *row = weight + (size_t)o * count, largest = 0;
        for (size_t i = 0; i < count; i++)
            largest = fmaxf(largest, fabsf(row[i]));
        for (size_t i = 0; i < count; i++)
            row[i] = precision == CS_PRECISION_BF16 ? cs_from_bf16(cs_to_bf16(row[i]))
                                                    : to_whole(row[i], cs_int8_step(largest));
    }
}

static float int8_limit(size_t count, const float *x) {
    float largest = 0;
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        largest = fmaxf(largest, fabsf(x[i]));
        sum += (double)fabsf(x[i]);
    }
    return cs_int8_limit(largest, sum, count);
}

/* What exceeds the limit is not rounded. */
static float to_int8(float value, float limit) {
    float within = fminf(fmaxf(value, -limit), limit);
    return to_whole(within, cs_int8_step(limit)) + (value - within);
}

float *cs_reference_narrow_inputs(cs_precision precision, size_t count, const float *x) {
    float *made = cs_alloc(count, sizeof *made);
    float limit = precision == CS_PRECISION_INT8 ? int8_limit(count, x) : 0;
    for (size_t i = 0; made && i < count; i++)
        made[i] = precision == CS_PRECISION_BF16 ? cs_from_bf16(cs_to_bf16(x[i])) : to_int8(x[i], limit);
    return made;
}
